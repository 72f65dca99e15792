"""A small service that is slower than it should be: makes a sales report from generated orders, again and again.

`make demo` samples it. What the flame graph shows: most of the time goes into parsing dates one by one (slow_date), and into a list
search that wants to be a set (known_customer).
"""
import json
import random
import sys
import time


def slow_date(text):
    year, month, day = text.split("-")
    return time.mktime((int(year), int(month), int(day), 0, 0, 0, 0, 0, -1))


def known_customer(name, customers):
    for customer in customers:
        if customer == name:
            return True
    return False


def make_orders(count, rng):
    return [json.dumps({"customer": "c%d" % rng.randrange(400), "date": "2026-%02d-%02d" % (rng.randrange(1, 13), rng.randrange(1, 29)),
                        "amount": rng.random() * 100}) for _ in range(count)]


class Report:
    def __init__(self, customers):
        self.customers = customers
        self.by_month = {}

    def add(self, line):
        order = json.loads(line)
        if known_customer(order["customer"], self.customers):
            month = int(slow_date(order["date"]) // (30 * 86400))
            self.by_month[month] = self.by_month.get(month, 0) + order["amount"]

    def table(self):
        return "\n".join("%6d %10.2f" % row for row in sorted(self.by_month.items()))


def one_report(rng):
    report = Report(["c%d" % i for i in range(300)])
    for line in make_orders(2000, rng):
        report.add(line)
    return report.table()


def main(seconds):
    rng = random.Random(1)
    end = time.time() + seconds
    reports = 0
    while time.time() < end:
        one_report(rng)
        reports += 1
    print("%d reports" % reports)


main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)
