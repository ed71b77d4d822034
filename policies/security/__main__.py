"""What the engine starts: the security pack, served until the engine is done with it."""

from secure_aks_security.pack import NAME, make
from secure_aks_security.server import serve

serve(NAME, *make())
