# Runs a Python handler (module.function) on the Lambda Runtime API.
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
ROOT = "/2018-06-01/runtime/"
JSON_LOG = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"


def call(method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(API)
    try:
        connection.request(method, ROOT + path, body=body, headers=headers or {})
        response = connection.getresponse()
        return response.headers, response.read()
    except (ConnectionError, http.client.HTTPException):
        # The emulator is gone, and this process with it.
        os._exit(0)
    finally:
        connection.close()


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Client:
    def __init__(self, text):
        values = json.loads(text)
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = values.get("client")


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Identity()
        client = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = Client(client) if client else None
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)


def error_of(failure, skip):
    frames = traceback.extract_tb(failure.__traceback__)[skip:]
    return {
        "errorMessage": str(failure),
        "errorType": type(failure).__name__,
        # On AWS the package lies there.
        "stackTrace": [line.replace(os.environ["LAMBDA_TASK_ROOT"], "/var/task") for line in traceback.format_list(frames)],
    }


def document_of(error, request_id):
    # Compact, and in this order, as recorded on AWS.
    ordered = {"errorMessage": error["errorMessage"], "errorType": error["errorType"], "requestId": request_id, "stackTrace": error["stackTrace"]}
    return json.dumps(ordered, separators=(",", ":"))


def say(error, request_id):
    if JSON_LOG:
        # As awslambdaric writes it.
        line = {"timestamp": stamp(), "log_level": "ERROR"}
        line.update({"errorMessage": error["errorMessage"], "errorType": error["errorType"], "requestId": request_id, "stackTrace": error["stackTrace"]})
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        return
    lines = "".join(error.get("stackTrace", []))
    sys.stdout.write("[ERROR] %s: %s\nTraceback (most recent call last):\n%s" % (error["errorType"], error["errorMessage"], lines or "\n"))
    sys.stdout.flush()


def load(handler):
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        return None, {"errorType": "Runtime.MalformedHandlerName", "errorMessage": "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler, "stackTrace": []}
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as failure:
        return None, {"errorType": "Runtime.ImportModuleError", "errorMessage": "Unable to import module '%s': %s" % (module_name, failure), "stackTrace": []}
    except SyntaxError as failure:
        return None, {"errorType": "Runtime.UserCodeSyntaxError", "errorMessage": "Syntax error in module '%s': %s" % (module_name, failure), "stackTrace": []}
    except Exception as failure:
        return None, error_of(failure, 1)
    if not hasattr(module, name):
        return None, {"errorType": "Runtime.HandlerNotFound", "errorMessage": "Handler '%s' missing on module '%s'" % (name, module_name), "stackTrace": []}
    return getattr(module, name), None


class RequestFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = RequestFilter.request_id
        return True


def stamp(seconds=None):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {"timestamp": stamp(record.created), "level": record.levelname, "message": record.getMessage(), "logger": record.name}
        if record.exc_info:
            kind, failure, trace = record.exc_info
            line["stackTrace"] = traceback.format_list(traceback.extract_tb(trace))
            line["errorType"] = kind.__name__
            line["errorMessage"] = str(failure)
            line["location"] = "%s:%s:%s" % (record.pathname, record.funcName, record.lineno)
        line["requestId"] = record.aws_request_id
        return json.dumps(line, default=str)


def set_up_json_logging():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestFilter())
    logging.getLogger().addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO")
    logging.getLogger().setLevel({"TRACE": logging.NOTSET, "FATAL": logging.CRITICAL}.get(level) or getattr(logging, level, logging.NOTSET))


def set_up_logging():
    if JSON_LOG:
        set_up_json_logging()
        return
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(RequestFilter())
    logging.getLogger().addHandler(handler)


def main():
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    set_up_logging()
    function, error = load(os.environ["_HANDLER"])
    if error:
        say(error, "")
        call("POST", "init/error", document_of(error, ""), {"Lambda-Runtime-Function-Error-Type": error["errorType"]})
        sys.exit(1)
    while True:
        headers, body = call("GET", "invocation/next")
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        RequestFilter.request_id = request_id
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        try:
            result = function(json.loads(body), Context(headers))
            try:
                answer = json.dumps(result)
            except (TypeError, ValueError) as failure:
                raise_marshal(failure)
            kind = "response"
        except MarshalError as failure:
            error = {"errorType": "Runtime.MarshalError", "errorMessage": str(failure), "stackTrace": []}
            say(error, request_id)
            answer, kind = document_of(error, request_id), "error"
        except Exception as failure:
            error = error_of(failure, 1)
            say(error, request_id)
            answer, kind = document_of(error, request_id), "error"
        sys.stdout.flush()
        sys.stderr.flush()
        call("POST", "invocation/%s/%s" % (request_id, kind), answer, {"Content-Type": "application/json"})


class MarshalError(Exception):
    pass


def raise_marshal(failure):
    raise MarshalError("Unable to marshal response: %s" % failure) from failure


main()
