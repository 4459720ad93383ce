"""rolecoder: code leaders' statements into national role conceptions.

Texts go in, coded passages, role profiles, dyadic gaps and the tables of a paper come out.
Importing the package loads no heavy library; each stage loads what it needs when it runs.
"""

from rolecoder.errors import RolecoderError

__version__ = "0.1.0"
__all__ = ["RolecoderError", "__version__"]
