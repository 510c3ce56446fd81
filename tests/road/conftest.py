from tests.road.house import _django_db_marker, road

__all__ = ["_django_db_marker", "road"]
