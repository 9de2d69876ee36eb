"""Looking after a registry: what its files do not show, but a reader would mend.

`remarks_on` reads a loaded registry and gives what is odd in it; nothing here changes a file.
"""

from normalizer.upkeep.checks import remarks_on
from normalizer.upkeep.remarks import Remark

__all__ = ["Remark", "remarks_on"]
