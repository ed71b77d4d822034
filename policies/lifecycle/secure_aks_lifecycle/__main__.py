"""`python -m secure_aks_lifecycle`."""

import sys

from .cli import main

sys.exit(main())
