"""Every table of the gateway, whichever module declares it: what the migrations must lead to.

A part that keeps tables of its own is imported here; its migration stands in ``gateway/migrations/versions``.
"""

import gateway.account_tables
import gateway.desk.tables
import gateway.fleet_tables
import gateway.registry_tables  # noqa: F401
from gateway.tables import Base

METADATA = Base.metadata
