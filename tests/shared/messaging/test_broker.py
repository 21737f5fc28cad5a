"""Brokers in memory, in a folder and on RabbitMQ: the same promises, each with its own way of breaking."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import kombu
import pytest

from shared.messaging import publisher as publishing
from shared.messaging.batches import to_bytes
from shared.messaging.broker import Broker, BrokerDown
from shared.messaging.publisher import MOST_FILES, Publisher, body_of
from shared.messaging.transports import put_back
from tests.shared.messaging.hospital import ADMITTED, KITCHEN, WARD, message
from tests.shared.messaging.proxy import Proxy

SERVICES = [WARD, KITCHEN]
OTHER = "ward.window_opened.v1"


@pytest.fixture
def publisher(broker: Broker) -> Iterator[Publisher]:
    made = Publisher(broker, SERVICES)
    yield made
    made.close()


@pytest.fixture
def folder_broker(tmp_path: Path) -> Broker:
    return Broker("filesystem://", tmp_path)


def taken(broker: Broker, service: str, *, ack: bool = True) -> list[bytes]:
    """The messages that wait for a service; not acknowledged, they go back when the connection closes."""
    bodies = []
    with broker.open(SERVICES) as connection, connection.channel() as channel:
        while (message := broker.queue(service)(channel).get()) is not None:
            bodies.append(body_of(message))
            if ack:
                message.ack()
    return bodies


def test_a_batch_reaches_whoever_subscribes_and_nobody_else(broker: Broker, publisher: Publisher) -> None:
    batch = message(1, 2)
    publisher.send(batch)
    assert taken(broker, "kitchen") == [to_bytes(batch)]
    assert taken(broker, "ward") == []


def test_a_batch_for_one_service_reaches_its_queue_only(broker: Broker, publisher: Publisher) -> None:
    batch = message(1)
    publisher.send_to("ward", batch)
    assert taken(broker, "kitchen") == []
    assert taken(broker, "ward") == [to_bytes(batch)]


def test_messages_wait_for_a_service_that_does_not_run(broker: Broker, publisher: Publisher) -> None:
    for bed in (1, 2, 3):
        publisher.send(message(bed, first=bed))
    publisher.close()
    assert len(taken(broker, "kitchen")) == 3


def test_what_was_not_acknowledged_waits_again_in_its_own_queue_only(broker: Broker) -> None:
    both = [replace(WARD, subscriptions=KITCHEN.subscriptions), KITCHEN]
    publisher = Publisher(broker, both)
    publisher.send(message(1))
    for _ in range(3):
        assert len(taken(broker, "kitchen", ack=False)) == 1
    assert len(taken(broker, "kitchen")) == 1
    assert len(taken(broker, "kitchen")) == 0
    assert len(taken(broker, "ward")) == 1
    publisher.close()


def test_a_fact_nobody_subscribes_to_is_no_error(broker: Broker, publisher: Publisher) -> None:
    for _ in range(2):
        publisher.send(message(1, type_=OTHER))
    publisher.send(message(1))
    assert publisher.returned == ({OTHER: 2} if broker.is_amqp else {})
    assert len(taken(broker, "kitchen")) == 1


def test_a_broker_that_forgot_everything_is_set_up_again(broker: Broker, publisher: Publisher) -> None:
    publisher.send(message(1))
    if broker.folder is not None:
        shutil.rmtree(broker.folder)
        publisher.send(message(2))
    else:
        broker.drop(["ward", "kitchen"])
        with broker.open(SERVICES):
            publisher.send(message(2))
    assert len(taken(broker, "kitchen")) == 1


def test_a_broker_that_refuses_to_confirm_counts_as_down(rabbitmq_url: str) -> None:
    """A queue that is full, or that is being deleted, makes RabbitMQ answer with a negative confirm."""
    broker = Broker(rabbitmq_url, namespace=f"test-{uuid4().hex[:12]}")
    publisher = Publisher(broker, SERVICES)
    full = {"x-max-length": 1, "x-overflow": "reject-publish"}
    with broker.open(SERVICES) as connection, connection.channel() as channel:
        queue = kombu.Queue("", broker.exchange, routing_key=ADMITTED, exclusive=True, queue_arguments=full)(channel)
        queue.declare()
        publisher.send(message(1))
        with pytest.raises(BrokerDown, match="MessageNacked"):
            publisher.send(message(2))
    publisher.send(message(3))
    assert publisher.opened == 2
    publisher.close()
    broker.drop(["ward", "kitchen"])


def test_two_brokers_in_memory_do_not_hear_each_other() -> None:
    brokers = [Broker("memory://"), Broker("memory://")]
    for each in brokers:
        each.open(SERVICES)
    Publisher(brokers[0], SERVICES).send(message(1))
    assert [len(taken(each, "kitchen")) for each in brokers] == [1, 0]


# --------------------------------------------------------------------------------------------------------- the folder


def test_a_killed_workers_message_waits_again_at_the_next_start(folder_broker: Broker) -> None:
    Publisher(folder_broker, SERVICES).send(message(1))
    channel = folder_broker.open(SERVICES).channel()
    assert channel.basic_get("hospital.kitchen") is not None
    channel.connection.close_channel(channel)  # as a killed process leaves it: neither acknowledged nor restored
    channel.qos.restore_at_shutdown = False
    assert folder_broker.folder is not None
    assert taken(folder_broker, "kitchen") == []
    assert put_back(folder_broker.folder, {"hospital.ward"}) == 0
    assert put_back(folder_broker.folder, {"hospital.kitchen"}) == 1
    assert len(taken(folder_broker, "kitchen")) == 1


def test_a_reader_never_meets_half_a_message(folder_broker: Broker) -> None:
    """Kombu's own transport writes where readers look; here ten large messages meet a reader that never rests."""
    publisher = Publisher(folder_broker, SERVICES)
    publisher.connect()
    batch = message(*[1] * 100)
    connection = folder_broker.open(SERVICES)
    channel, found = connection.channel(), 0
    writer = threading.Thread(target=lambda: [publisher.send(batch) for _ in range(10)])
    writer.start()
    while found < 10:
        got = channel.basic_get("hospital.kitchen")
        if got is not None:
            assert bytes(got.body) == to_bytes(batch)
            got.ack()
            found += 1
    writer.join()


def test_a_file_that_is_no_message_is_handed_on_as_it_is(folder_broker: Broker) -> None:
    publisher = Publisher(folder_broker, SERVICES)
    publisher.connect()
    assert folder_broker.folder is not None
    (folder_broker.folder / "waiting" / "1-1-1.hospital.kitchen.msg").write_bytes(b"\xff not for us")
    assert taken(folder_broker, "kitchen") == [b"\xff not for us"]
    assert taken(folder_broker, "kitchen") == []


def test_messages_of_a_folder_come_in_the_order_of_sending(folder_broker: Broker) -> None:
    publisher = Publisher(folder_broker, SERVICES)
    batches = [message(1, first=number) for number in range(1, 30)]
    for batch in batches:
        publisher.send(batch)
    assert taken(folder_broker, "kitchen") == [to_bytes(batch) for batch in batches]


def test_a_folder_with_more_than_two_hundred_messages_is_full(folder_broker: Broker) -> None:
    publisher = Publisher(folder_broker, SERVICES)
    for _ in range(MOST_FILES):
        publisher.send(message(1))
    assert not publisher.is_full
    publisher.send(message(1))
    assert publisher.is_full
    taken(folder_broker, "kitchen")
    assert not publisher.is_full


def test_a_folder_needs_a_data_folder() -> None:
    with pytest.raises(ValueError, match="data folder"):
        Broker("filesystem://")


# ----------------------------------------------------------------------------------------------------------- RabbitMQ


@pytest.fixture
def behind_proxy(rabbitmq_url: str) -> Iterator[tuple[Broker, Broker, Proxy]]:
    """RabbitMQ behind a proxy, and the same RabbitMQ directly."""
    proxy = Proxy(rabbitmq_url)
    namespace = f"test-{uuid4().hex[:12]}"
    direct = Broker(rabbitmq_url, namespace=namespace)
    yield Broker(proxy.address, namespace=namespace), direct, proxy
    proxy.hang_up()
    direct.drop(["ward", "kitchen"])


def test_a_broker_that_cannot_be_reached_is_told(rabbitmq_url: str) -> None:
    proxy = Proxy(rabbitmq_url)
    proxy.hang_up()
    publisher = Publisher(Broker(proxy.address, namespace="test-nowhere"), SERVICES)
    with pytest.raises(BrokerDown):
        publisher.send(message(1))


def test_a_black_hole_confirms_nothing_and_loses_nothing(
    behind_proxy: tuple[Broker, Broker, Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "CONFIRM_SECONDS", 0.3)
    broker, direct, proxy = behind_proxy
    publisher = Publisher(broker, SERVICES)
    publisher.send(message(1))
    proxy.swallows = True
    with pytest.raises(BrokerDown):
        publisher.send(message(2, first=2))
    proxy.swallows = False
    publisher.send(message(2, first=2))
    assert (len(taken(direct, "kitchen")), publisher.opened) == (2, 2)
    publisher.close()


def test_a_connection_that_was_cut_is_made_anew(behind_proxy: tuple[Broker, Broker, Proxy]) -> None:
    broker, direct, proxy = behind_proxy
    publisher = Publisher(broker, SERVICES)
    publisher.send(message(1))
    proxy.hang_up()
    with pytest.raises(BrokerDown):
        publisher.send(message(2, first=2))
    with pytest.raises(BrokerDown):
        publisher.send(message(2, first=2))
    proxy.come_back()
    publisher.send(message(2, first=2))
    assert len(taken(direct, "kitchen")) == 2
    publisher.close()


def test_queues_on_rabbitmq_are_durable_and_replicated(broker: Broker, publisher: Publisher) -> None:
    publisher.connect()
    queue: Any = broker.queue("kitchen")
    assert queue.durable
    assert broker.exchange.durable
    assert (queue.queue_arguments.get("x-queue-type") == "quorum") == broker.is_amqp
    assert ADMITTED in KITCHEN.subscriptions
