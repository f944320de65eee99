#!/usr/bin/python3
"""The same penalty by python3-kafka, which has no idempotent producer: one request in flight keeps the order.

usage: publish_python_kafka.py BROKERS DEPARTMENT CREDIT_CODE EVENT_ID
"""
import sys

from kafka import KafkaProducer

from publish import encode, penalty


def main(brokers, department, credit_code, event_id):
    producer = KafkaProducer(bootstrap_servers=brokers.split(","), acks="all", retries=10,
                             max_in_flight_requests_per_connection=1)
    sent = producer.send(f"credit.in.{department}", encode(penalty(department, credit_code, event_id)))
    sent.get(timeout=30)  # raises when it was not delivered
    producer.close()


if __name__ == "__main__":
    main(*sys.argv[1:5]) if len(sys.argv) == 5 else sys.exit(__doc__)
