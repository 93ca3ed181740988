#!/usr/bin/env python3
"""Sends pairs to Kafka with confluent-kafka. Usage: pairs.py localhost:9092 pair.png ..."""
import sys

from confluent_kafka import Producer

brokers, *files = sys.argv[1:]
producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True, "message.max.bytes": 10 << 20})
failures = []
for file in files:
    # One image: A on the left, B on the right.
    producer.produce("pairs", key=file, value=open(file, "rb").read(),
                     on_delivery=lambda error, message: failures.append(error) if error else None)
    producer.poll(0)
producer.flush()
sys.exit(str(failures[0]) if failures else 0)
