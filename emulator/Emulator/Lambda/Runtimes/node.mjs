// Runs a Node.js handler (module.function, ESM or CommonJS, async or with a callback) on the Lambda Runtime API.
import http from "node:http";
import fs from "node:fs";
import path from "node:path";
import util from "node:util";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const root = process.env.LAMBDA_TASK_ROOT;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, route, body, headers = {}) {
  return new Promise((resolve) => {
    const options = { host, port, method, path: "/2018-06-01/runtime/" + route, agent, headers };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on("error", () => process.exit(0));
    });
    // The emulator is gone, and this process with it.
    request.on("error", () => process.exit(0));
    request.end(body);
  });
}

const isJsonLog = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

function textOf(failure) {
  return { errorType: failure.name, errorMessage: failure.message, stackTrace: (failure.stack ?? "").split("\n") };
}

let requestId = "undefined";
for (const [name, level] of [["log", "INFO"], ["info", "INFO"], ["debug", "DEBUG"], ["warn", "WARN"], ["error", "ERROR"], ["trace", "TRACE"]]) {
  console[name] = (...values) => {
    if (isJsonLog) {
      if (levels.indexOf(level) >= levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? "INFO")) {
        const message = values.length === 1 && values[0] instanceof Error ? textOf(values[0]) : values.length === 1 ? values[0] : util.format(...values);
        process.stdout.write(JSON.stringify({ timestamp: new Date().toISOString(), level, requestId, message }) + "\n");
      }
      return;
    }
    const text = util.format(...values);
    // A line of JSON stays as it is when it carries metrics: its reader expects the object alone.
    process.stdout.write(text.startsWith("{") && text.includes('"_aws"')
      ? text + "\n"
      : `${new Date().toISOString()}\t${requestId}\t${level}\t${text.replaceAll("\n", "\r")}\n`);
  };
}

// On AWS the package lies in /var/task.
function errorOf(failure) {
  return failure instanceof Error
    ? { errorType: failure.name, errorMessage: failure.message, trace: (failure.stack ?? "").replaceAll(root, "/var/task").split("\n") }
    : { errorType: typeof failure, errorMessage: String(failure), trace: [] };
}

async function load(handler) {
  const base = path.basename(handler);
  const dot = base.indexOf(".");
  if (dot < 0) {
    throw Object.assign(new Error("Bad handler"), { name: "Runtime.MalformedHandlerName" });
  }
  const module = path.join(root, path.dirname(handler), base.slice(0, dot));
  const file = [".js", ".mjs", ".cjs"].map((extension) => module + extension).find(fs.existsSync);
  if (!file) {
    throw Object.assign(new Error(`Error: Cannot find module '${path.basename(module)}'`), { name: "Runtime.ImportModuleError" });
  }
  let found;
  try {
    found = file.endsWith(".mjs") || isEsm(file) ? await import(pathToFileURL(file)) : createRequire(file)(file);
  } catch (failure) {
    if (failure instanceof SyntaxError) {
      failure = Object.assign(new Error("SyntaxError: " + failure.message), { name: "Runtime.UserCodeSyntaxError" });
    } else if (failure?.code === "MODULE_NOT_FOUND" || failure?.code === "ERR_MODULE_NOT_FOUND") {
      failure = Object.assign(new Error("Error: " + failure.message), { name: "Runtime.ImportModuleError" });
    }
    throw failure;
  }
  for (const name of base.slice(dot + 1).split(".")) {
    found = found?.[name] ?? found?.default?.[name];
  }
  if (typeof found !== "function") {
    throw Object.assign(new Error(`${handler} is undefined or not exported`), { name: "Runtime.HandlerNotFound" });
  }
  return found;
}

function isEsm(file) {
  if (!file.endsWith(".js")) {
    return false;
  }
  for (let directory = path.dirname(file); directory.startsWith(root); directory = path.dirname(directory)) {
    const description = path.join(directory, "package.json");
    if (fs.existsSync(description)) {
      return JSON.parse(fs.readFileSync(description, "utf8")).type === "module";
    }
  }
  return false;
}

function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    const callback = (failure, result) => (failure ? reject(failure) : resolve(result));
    const client = headers["lambda-runtime-client-context"];
    const context = {
      awsRequestId: requestId,
      invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      clientContext: client ? JSON.parse(client) : undefined,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
      done: callback,
      succeed: (result) => resolve(result),
      fail: (failure) => reject(failure ?? new Error("handled")),
    };
    const result = handler(event, context, callback);
    if (typeof result?.then === "function") {
      result.then(resolve, reject);
    } else if (handler.length < 3 && result !== undefined) {
      resolve(result);
    } else if (handler.length < 2) {
      resolve(result);
    }
  });
}

process.on("uncaughtException", (failure) => {
  const error = errorOf(failure);
  console.error("Uncaught Exception", JSON.stringify(error));
  process.exit(129);
});
process.on("unhandledRejection", (reason) => {
  console.error("Unhandled Promise Rejection", JSON.stringify({ errorType: "Runtime.UnhandledPromiseRejection", errorMessage: String(reason) }));
  process.exit(128);
});

let handler;
try {
  handler = await load(process.env._HANDLER);
} catch (failure) {
  const error = errorOf(failure);
  console.error("Uncaught Exception", JSON.stringify(error));
  await call("POST", "init/error", JSON.stringify(error), { "Lambda-Runtime-Function-Error-Type": error.errorType });
  process.exit(1);
}

for (;;) {
  const { headers, body } = await call("GET", "invocation/next");
  requestId = headers["lambda-runtime-aws-request-id"];
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"] ?? "";
  try {
    const result = await run(handler, JSON.parse(body), headers);
    await call("POST", `invocation/${requestId}/response`, JSON.stringify(result === undefined ? null : result), { "Content-Type": "application/json" });
  } catch (failure) {
    const error = errorOf(failure);
    console.error("Invoke Error", JSON.stringify(error));
    await call("POST", `invocation/${requestId}/error`, JSON.stringify(error), { "Lambda-Runtime-Function-Error-Type": error.errorType, "Content-Type": "application/json" });
  }
}
