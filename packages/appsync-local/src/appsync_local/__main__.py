"""`python -m appsync_local` is the command `appsync-local`."""

import sys

from appsync_local.cli import main

if __name__ == "__main__":
    sys.exit(main())
