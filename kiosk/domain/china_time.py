"""The one legal time of the whole country (中国标准时间), whatever zone a machine was set up with."""

from datetime import timedelta, timezone

CHINA = timezone(timedelta(hours=8))
