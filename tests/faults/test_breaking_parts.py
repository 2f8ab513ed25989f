"""Kill a part while a run trains: the run ends as it would have, or says why it could not."""

import threading
import time

import pytest

from tests.faults.house import LOGISTIC, LONG, House, frozen, kill, network, until

pytestmark = pytest.mark.slow


def whole(house: House, run: str) -> None:
    """No event is missing and none is there twice."""
    numbers = [event["seq"] for event in house.events(run)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_trainer_that_is_killed_three_times_fails_with_its_signal_and_its_log(house: House) -> None:
    run = house.start(LONG)
    for attempt in (1, 2, 3):
        until(lambda at=attempt: house.run(run)["attempt"] == at)  # type: ignore[misc]
        kill(house.child(run))
        until(lambda at=attempt: house.run(run)["attempt"] > at or house.run(run)["status"] == "failed")  # type: ignore[misc]
    ended = house.ended(run)
    assert (ended["status"], ended["problem"]["code"]) == ("failed", "trainer_crashed")
    assert "signal 9 (SIGKILL)" in ended["problem"]["detail"]
    assert "starting again (attempt 3 of 3)." in " ".join(house.messages(run))
    assert house.text(house.artifacts(run)["log.txt"])
    whole(house, run)
    assert house.ended(house.start(LOGISTIC))["status"] == "succeeded"


def test_a_table_that_was_damaged_fails_the_run_and_the_next_one_is_taken(house: House) -> None:
    table = next(house.home.glob("media/*/versions/*.parquet"))
    bytes_before = table.read_bytes()
    table.write_bytes(b"PAR1 but no table")
    broken = house.ended(house.start(LOGISTIC))
    table.write_bytes(bytes_before)
    assert (broken["status"], broken["problem"]["code"]) == ("failed", "training_failed")
    assert "Traceback" in house.text(house.artifacts(broken["id"])["log.txt"])
    assert house.ended(house.start(LOGISTIC))["status"] == "succeeded"


def test_ten_seconds_without_the_database_cost_no_event_and_no_attempt(house: House) -> None:
    run = house.start(network(epochs=500))
    house.learns(run)
    with frozen(house.platform.process):  # or it would start the database again at once
        house.server("postgres/data/postmaster.pid").send_signal(3)  # SIGQUIT: as `pg_ctl stop -m immediate`
        time.sleep(5)
        assert house.status(f"/api/v1/runs/{run}/") == (503, "5")
        assert house.child(run).is_running()
        time.sleep(5)
    until(house.is_ready)
    ended = house.ended(run, 120)
    assert (ended["status"], ended["attempt"]) == ("succeeded", 1)
    assert house.epochs(run) == list(range(1, 501))
    whole(house, run)


def test_a_redis_that_is_killed_costs_neither_the_run_nor_an_epoch_on_the_page(house: House) -> None:
    run = house.start(network(epochs=500))
    heard: list[int] = []
    watcher = threading.Thread(target=lambda: heard.extend(event["seq"] for event in house.socket(run)))
    watcher.start()
    house.learns(run)
    kill(house.server("redis/pid"))
    until(lambda: not house.is_ready(), 20)
    until(house.is_ready, 20)
    ended = house.ended(run)
    watcher.join(60)
    assert (ended["status"], ended["attempt"]) == ("succeeded", 1)
    assert heard == [event["seq"] for event in house.events(run)]
    assert house.epochs(run) == list(range(1, 501))


def test_a_browser_that_was_away_is_told_what_it_missed(house: House) -> None:
    run = house.start(network(epochs=30))
    house.ended(run)
    everything = [event["seq"] for event in house.socket(run)]
    later = [event["seq"] for event in house.socket(run, after=everything[9])]
    assert everything[10:] == later
    assert len(everything) > 30


def test_a_worker_that_is_killed_gives_its_run_to_another(house: House) -> None:
    run = house.start(network(epochs=600))
    house.learns(run)
    trainer = house.child(run)
    kill(house.worker(run))
    until(lambda: not trainer.is_running(), 20)
    until(lambda: house.run(run)["attempt"] == 2, 120)
    ended = house.ended(run, 120)
    assert (ended["status"], ended["attempt"]) == ("succeeded", 2)
    assert "starting again (attempt 2 of 3)" in " ".join(house.messages(run))
    whole(house, run)


def test_a_cluster_that_is_killed_is_there_again_and_the_run_succeeds_once(house: House) -> None:
    run = house.start(network(epochs=600))
    house.learns(run)
    for cluster in house.clusters():
        kill(cluster)
    until(lambda: len(house.clusters()) == 2, 30)
    ended = house.ended(run, 180)
    assert ended["status"] == "succeeded"
    assert [event["kind"] for event in house.events(run)].count("finished") == 1
    whole(house, run)


def test_a_zygote_that_is_killed_comes_back_and_the_run_waits_for_it(house: House) -> None:
    run = house.start(network(epochs=600))
    house.learns(run)
    kill(next(each for each in house.family() if "sandbox.zygote" in each.cmdline() and each.children()))
    ended = house.ended(run, 120)
    assert ended["status"] == "succeeded"
    whole(house, run)
