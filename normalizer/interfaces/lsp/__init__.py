"""The language server: wrong names marked while they are written, in any editor that speaks the protocol.

`server` knows the protocol, everything else of it only the value types: `texts` are the drafts as they are
open, `projects` the engines that go with their folders, `checks` does the checking aside, and each thing an
editor may ask for has a file. Places are code points everywhere but in `positions`.
"""
