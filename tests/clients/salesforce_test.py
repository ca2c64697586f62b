"""simple-salesforce, the client for Python that most use, against the sandbox."""

import csv
import io
import json
import os
import unittest
from datetime import datetime, timezone

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

URL = os.environ["CROSSWALK_SANDBOX_SALESFORCE_URL"]
TOKEN = os.environ["CROSSWALK_SANDBOX_SALESFORCE_TOKEN"]
KEY = "Crosswalk_Key__c"
CONTACT = "003000000000001AAA"


class OnLoopback(requests.adapters.HTTPAdapter):
    """The client only knows https, which the sandbox doesn't speak."""

    def send(self, request, **options):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


def connect(token=TOKEN):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", OnLoopback())
    return Salesforce(session_id=token, instance_url=URL, version="67.0", session=session)


class SimpleSalesforce(unittest.TestCase):
    def setUp(self):
        requests.post(f"{URL}/_sandbox/reset", json={}, timeout=60).raise_for_status()
        self.org = connect()

    def refused(self, error, call):
        with self.assertRaises(error) as refused:
            call()
        return refused.exception.content[0]

    def test_a_query_is_read_to_its_end(self):
        found = self.org.query_all("SELECT Id, Subject, Who.Name FROM Task ORDER BY Id")
        self.assertEqual(found["totalSize"], 4500)
        self.assertEqual([task["Subject"] for task in found["records"]], [f"Task {number}" for number in range(1, 4501)])
        self.assertEqual(found["records"][0]["Who"]["Name"], "Aalto")
        page = self.org.query("SELECT Id FROM Task")
        self.assertFalse(page["done"])
        rest = self.org.query_more(page["nextRecordsUrl"], identifier_is_url=True)
        self.assertEqual(rest["records"][0]["Id"], found["records"][2000]["Id"])

    def test_deleted_records_are_found_when_they_are_wanted(self):
        self.org.Task.delete("00T000000000001EAA")
        soql = "SELECT Id FROM Task WHERE Id = '00T000000000001EAA'"
        self.assertEqual(self.org.query(soql)["totalSize"], 0)
        self.assertEqual(self.org.query(soql, include_deleted=True)["totalSize"], 1)

    def test_one_record_is_created_read_changed_and_deleted(self):
        created = self.org.Task.create({"Subject": "Call", "WhoId": CONTACT, "ActivityDate": "2026-12-01"})
        self.assertTrue(created["success"])
        task = self.org.Task.get(created["id"])
        self.assertEqual((task["Status"], task["IsClosed"], task["ActivityDate"]), ("Not Started", False, "2026-12-01"))
        self.assertEqual(self.org.Task.update(created["id"], {"Status": "Completed"}), 204)
        self.assertTrue(self.org.Task.get(created["id"])["IsClosed"])
        self.assertEqual(self.org.Task.delete(created["id"]), 204)
        error = self.refused(SalesforceResourceNotFound, lambda: self.org.Task.get(created["id"]))
        self.assertEqual(error["errorCode"], "ENTITY_IS_DELETED")

    def test_a_record_is_upserted_by_its_key(self):
        place = f"{KEY}/hubspot:8821:call:9001"
        self.assertEqual(self.org.Task.upsert(place, {"Subject": "New"}), 201)
        self.assertEqual(self.org.Task.upsert(place, {"Subject": "Changed"}), 200)
        self.assertEqual(self.org.Task.get_by_custom_id(KEY, "hubspot:8821:call:9001")["Subject"], "Changed")

    def test_records_are_written_in_collections(self):
        records = [{"attributes": {"type": "Task"}, "Subject": subject} for subject in ("a", "x" * 256, "c")]
        body = json.dumps({"allOrNone": False, "records": records})
        outcomes = self.org.restful("composite/sobjects", method="POST", data=body)
        self.assertEqual([outcome["success"] for outcome in outcomes], [True, False, True])
        self.assertEqual(outcomes[1]["errors"][0]["statusCode"], "STRING_TOO_LONG")

    def test_the_org_is_described(self):
        fields = {field["name"]: field for field in self.org.Task.describe()["fields"]}
        self.assertTrue(fields[KEY]["externalId"] and fields[KEY]["unique"])
        self.assertEqual(fields["Priority"]["picklistValues"][1]["value"], "Normal")
        self.assertIn("Lead", [sobject["name"] for sobject in self.org.describe()["sobjects"]])
        self.assertEqual(self.org.Task.metadata()["objectDescribe"]["keyPrefix"], "00T")

    def test_limits_are_told(self):
        limits = self.org.limits()
        usage = self.org.api_usage["api-usage"]
        self.assertEqual(usage.total, limits["DailyApiRequests"]["Max"])
        self.assertEqual(usage.total - usage.used, limits["DailyApiRequests"]["Remaining"])

    def test_changes_and_deletions_are_told(self):
        self.org.Task.update("00T000000000001EAA", {"Subject": "Changed"})
        self.org.Task.delete("00T000000000002EAA")
        span = (datetime(2026, 11, 23, 9, tzinfo=timezone.utc), datetime(2026, 11, 23, 11, tzinfo=timezone.utc))
        self.assertEqual(self.org.Task.updated(*span)["ids"], ["00T000000000001EAA"])
        deleted = self.org.Task.deleted(*span)["deletedRecords"]
        self.assertEqual([record["id"] for record in deleted], ["00T000000000002EAA"])

    def test_a_bulk_query_is_read_in_pages(self):
        self.org.Task.delete("00T000000000002EAA")
        pages = list(self.org.bulk2.Task.query("SELECT Id, Subject FROM Task ORDER BY Id", max_records=2_000, wait=0))
        rows = [list(csv.reader(io.StringIO(page))) for page in pages]
        self.assertEqual([len(page) - 1 for page in rows], [2_000, 2_000, 499])
        self.assertEqual(rows[0][:2], [["Id", "Subject"], ["00T000000000001EAA", "Task 1"]])
        everything = self.org.bulk2.Task.query_all("SELECT Id FROM Task WHERE IsDeleted = true", wait=0)
        self.assertEqual(next(everything).split(), ['"Id"', '"00T000000000002EAA"'])

    def test_a_refusal_tells_why(self):
        malformed = self.refused(SalesforceMalformedRequest, lambda: self.org.query("SELECT Nope FROM Task"))
        self.assertEqual(malformed["errorCode"], "INVALID_FIELD")
        long = self.refused(SalesforceMalformedRequest, lambda: self.org.Task.create({"Subject": "x" * 256}))
        self.assertEqual((long["errorCode"], long["fields"]), ("STRING_TOO_LONG", ["Subject"]))
        ended = self.refused(SalesforceExpiredSession, lambda: connect("ended").query("SELECT Id FROM Task"))
        self.assertEqual(ended["errorCode"], "INVALID_SESSION_ID")


if __name__ == "__main__":
    unittest.main()
