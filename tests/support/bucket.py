"""A real S3-compatible server on loopback, in a process of its own, that checks who asks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import boto3

from app.config import FilesSettings
from app.files import Bucket
from tests.support.site import free_port

NAME = "files"
# What the server lets anybody do, before it is told to look at signatures.
ANYBODY = {"region_name": "us-east-1", "aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}
ALL_OF_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@dataclass
class S3Server:
    """The server, its process, and the key of somebody who may do everything in the bucket."""

    origin: str
    process: subprocess.Popen[bytes]
    key_id: str = ""
    secret: str = ""

    def settings(self, prefix: str | None = None, **changes: Any) -> FilesSettings:
        """The settings for a prefix that nothing else uses."""
        values = {
            "bucket": NAME,
            "prefix": prefix or f"test-{uuid4().hex}",
            "endpoint": self.origin,
            "region": "us-east-1",
            "key_id": self.key_id,
            "secret": self.secret,
        }
        return FilesSettings(**{**values, **changes})

    def environment(self, settings: FilesSettings) -> dict[str, str]:
        """The same as an operator sets it."""
        return {
            "BV_FILES": f"s3://{settings.bucket}/{settings.prefix}",
            "BV_FILES_ENDPOINT": settings.endpoint,
            "BV_FILES_KEY_ID": settings.key_id,
            "BV_FILES_SECRET": settings.secret,
        }

    def overwrite(self, settings: FilesSettings, key: UUID, body: bytes) -> None:
        """Put other bytes in an object's place, as somebody does who goes round us."""
        self._client("s3").put_object(Bucket=NAME, Key=f"{settings.prefix}/{key}", Body=body)

    def kill(self) -> None:
        """End the server at once."""
        self.process.kill()
        self.process.wait(10)

    def _client(self, service: str) -> Any:
        own = {**ANYBODY, "aws_access_key_id": self.key_id, "aws_secret_access_key": self.secret} if self.key_id else {}
        return boto3.client(service, endpoint_url=self.origin, **(own or ANYBODY))

    def set_up(self) -> None:
        """Make the bucket and somebody with a key; from then on others are refused."""
        self._client("s3").create_bucket(Bucket=NAME)
        iam = self._client("iam")
        iam.create_user(UserName="bv")
        iam.put_user_policy(UserName="bv", PolicyName="all", PolicyDocument=json.dumps(ALL_OF_S3))
        made = iam.create_access_key(UserName="bv")["AccessKey"]
        strict = urllib.request.Request(
            f"{self.origin}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST"
        )
        urllib.request.urlopen(strict, timeout=10).close()
        self.key_id, self.secret = made["AccessKeyId"], made["SecretAccessKey"]


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Run a server for as long as the block lasts."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = S3Server(origin=f"http://127.0.0.1:{port}", process=process)
    try:
        _wait(server)
        server.set_up()
        yield server
    finally:
        server.kill()


def _wait(server: S3Server) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{server.origin}/moto-api/", timeout=5).close()
        except OSError:
            assert server.process.poll() is None, "the S3 server ended"
            assert time.monotonic() < end, "no S3 server after 60 s"
            time.sleep(0.05)
        else:
            return


def nobody_there(settings: FilesSettings) -> Bucket:
    """The same bucket at an address where nobody listens."""
    return Bucket(replace(settings, endpoint=f"http://127.0.0.1:{free_port()}"))


def objects(bucket: Bucket) -> set[UUID]:
    """What lies under the prefix."""
    return {key for key, _ in bucket.listed()}
