"""`python -m sigap`."""

import sys

from sigap.app.cli import main

sys.exit(main())
