"""What Lambda's Python runtime does around a handler: one invocation a line on descriptor 3, one answer a line on descriptor 4."""

import importlib
import json
import os
import sys
import time
import traceback

settings = json.loads(sys.argv[1])
invocations = os.fdopen(3, "r", encoding="utf-8")
answers = os.fdopen(4, "w", encoding="utf-8")


class Context:
    """What a handler is told about its invocation."""

    def __init__(self, invocation):
        self.function_name = settings["functionName"]
        self.function_version = settings["functionVersion"]
        self.memory_limit_in_mb = str(settings["memoryMb"])
        self.log_group_name = settings["logGroup"]
        self.log_stream_name = settings["logStream"]
        self.aws_request_id = invocation["requestId"]
        self.invoked_function_arn = invocation["arn"]
        self.client_context = invocation.get("clientContext")
        self.identity = None
        self._deadline = time.time() + invocation["timeoutMs"] / 1000

    def get_remaining_time_in_millis(self):
        return max(0, int((self._deadline - time.time()) * 1000))


def answer(message):
    sys.stdout.flush()
    sys.stderr.flush()
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def document_of(error, error_type=None, message=None):
    trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    return {
        "errorMessage": str(error) if message is None else message,
        "errorType": type(error).__name__ if error_type is None else error_type,
        "stackTrace": trace,
    }


def load_handler():
    module_path, _, name = settings["handler"].rpartition(".")
    module_name = module_path.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        answer({"kind": "ended", "document": document_of(error, "Runtime.ImportModuleError", message)})
        sys.exit(1)
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        answer({"kind": "ended", "document": document_of(error, "Runtime.UserCodeSyntaxError", message)})
        sys.exit(1)
    except Exception as error:
        answer({"kind": "ended", "document": document_of(error)})
        sys.exit(1)
    if not hasattr(module, name):
        message = f"Handler '{name}' missing on module '{module_name}'"
        answer({"kind": "ended", "document": {"errorMessage": message, "errorType": "Runtime.HandlerNotFound", "stackTrace": []}})
        sys.exit(1)
    return getattr(module, name)


def with_local_response_url(event):
    # CloudFormation's address needs TLS, which this host has not.
    if isinstance(event, dict) and isinstance(event.get("ResponseURL"), str):
        path = "/" + event["ResponseURL"].split("/", 3)[-1]
        event["ResponseURL"] = os.environ["AWS_ENDPOINT_URL"] + path
    return event


def run(handler, invocation):
    cpu_before = time.process_time()
    os.environ["_X_AMZN_TRACE_ID"] = invocation["traceHeader"]
    try:
        result = handler(with_local_response_url(json.loads(invocation["event"])), Context(invocation))
        try:
            message = {"kind": "result", "text": json.dumps(result)}
        except (TypeError, ValueError) as error:
            text = f"Unable to marshal response: {error}"
            message = {"kind": "error", "document": document_of(error, "Runtime.MarshalError", text)}
    except Exception as error:
        message = {"kind": "error", "document": {**document_of(error), "requestId": invocation["requestId"]}}
    answer({**message, "cpuMs": (time.process_time() - cpu_before) * 1000})


sys.path[0:1] = [settings["taskRoot"]]
if settings.get("optRoot"):
    sys.path[1:1] = [os.path.join(settings["optRoot"], "python"), settings["optRoot"]]
os.chdir(settings["taskRoot"])
loaded = load_handler()
answer({"kind": "ready"})
for line in invocations:
    run(loaded, json.loads(line))
