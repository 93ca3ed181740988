#!/usr/bin/env python3
"""Sends pairs to Kafka with confluent-kafka. Usage: pairs.py localhost:9092 pair.png ..."""
import os
import sys

try:
    from confluent_kafka import KafkaException, Producer
except ImportError:
    sys.exit("pairs.py needs the package confluent-kafka (Debian: python3-confluent-kafka)")

TOPIC = "pairs"


def main(brokers, *files):
    producer = Producer({
        "bootstrap.servers": brokers,
        "enable.idempotence": True,
        "message.max.bytes": 10 << 20,
        "log_level": 0,  # Errors are reported below.
    })
    if TOPIC not in producer.list_topics(timeout=10).topics:
        sys.exit(f"there is no topic {TOPIC} at {brokers}; start Tandem first, or create the topic")
    failures = []
    for file in files:
        # One image: A on the left, B on the right.
        producer.produce(TOPIC, key=os.fsencode(file), value=open(file, "rb").read(),
                         on_delivery=lambda error, message: failures.append(error) if error else None)
        producer.poll(0)
    producer.flush()
    if failures:
        sys.exit(f"Kafka rejected {len(failures)} of {len(files)} pairs: {failures[0].str()}")


if len(sys.argv) < 3:
    sys.exit(__doc__)
try:
    main(*sys.argv[1:])
except KafkaException as error:
    sys.exit(f"no pair was sent to {sys.argv[1]}: {error.args[0].str()}")
except OSError as error:
    sys.exit(f"cannot read {error.filename}: {error.strerror}")
