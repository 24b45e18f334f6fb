"""The fleet's benchmark counts what it says it counts, on a small fleet."""

from benchmarks.fleet import run


def test_every_terminal_of_a_small_fleet_is_connected_heard_and_lost() -> None:
    figures = run(clients=40)
    assert figures.clients == 40
    assert 0 < figures.memory_before_mb <= figures.memory_connected_mb <= figures.memory_told_mb
    assert min(figures.first_rate, figures.second_rate, figures.connected_s, figures.all_lost_s) > 0
    assert figures.lines()[0].startswith("40 MQTT clients with a last will connected")
