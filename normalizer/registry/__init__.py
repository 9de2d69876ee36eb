"""The registry: entities, loaded from and written to files that people edit.

`load_registry` reads a folder or file, `write_registry` writes one; YAML for people, JSON Lines for machines.
What only one of the two needs (PyYAML, msgspec) is imported when a file of that kind is met.
"""

from normalizer.registry.load import load_registry, load_with_places, registry_digest, registry_stamp
from normalizer.registry.registry import Registry
from normalizer.registry.save import write_registry

__all__ = [
    "Registry",
    "load_registry",
    "load_with_places",
    "registry_digest",
    "registry_stamp",
    "write_registry",
]
