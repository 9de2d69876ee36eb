"""The Reconciliation Service API: version 0.2, which OpenRefine speaks, and the draft of 1.0.

https://reconciliation-api.github.io/specs/0.2/ and https://reconciliation-api.github.io/specs/draft/.
Both are thin: `questions` asks the matcher, `properties` tells what is known of an entity.
"""
