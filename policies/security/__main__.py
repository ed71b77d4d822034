"""What the engine starts: the security pack, served until the engine is done with it."""

import gc

gc.disable()  # until the server starts: of what is loaded nothing is garbage

from secure_aks_security.pack import NAME, make  # noqa: E402 - after it
from secure_aks_security.server import serve  # noqa: E402

serve(NAME, *make())
