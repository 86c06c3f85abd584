using System.Diagnostics;
using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Real processes through the real Runtime API.</summary>
public sealed class InvokeTests
{
    [Fact]
    public async Task A_python_function_gets_its_event_and_context()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "echo",
            """
            import os
            def handler(event, context):
                print("hello from python")
                return {"event": event, "id": context.aws_request_id, "left": context.get_remaining_time_in_millis(), "name": context.function_name,
                        "arn": context.invoked_function_arn, "stream": context.log_stream_name, "env": dict(os.environ)}
            """,
            "\"Environment\":{\"Variables\":{\"GREETING\":\"hi\"}},\"Timeout\":10"
        );

        var result = await cloud.Invoke("echo", """{"a":[1,null]}""", ("X-Amz-Log-Type", "Tail"));

        Assert.Equal(200, result.Status);
        Assert.Null(result.FunctionError);
        Assert.Equal("$LATEST", result.Version);
        Assert.Equal("""{"a": [1, null]}""", result.Json.GetProperty("event").GetRawText());
        Assert.InRange(result.Json.GetProperty("left").GetInt32(), 1, 10000);
        Assert.Equal("arn:aws:lambda:us-east-1:000000000000:function:echo", result.Json.GetProperty("arn").GetString());
        Assert.Matches(@"^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$", result.Json.GetProperty("stream").GetString());
        var environment = result.Json.GetProperty("env");
        Assert.Equal("hi", environment.GetProperty("GREETING").GetString());
        Assert.Equal("index.handler", environment.GetProperty("_HANDLER").GetString());
        Assert.Equal(cloud.Endpoint.ToString().TrimEnd('/'), environment.GetProperty("AWS_ENDPOINT_URL").GetString());
        Assert.False(environment.TryGetProperty("HOME", out _));
        var id = result.Json.GetProperty("id").GetString();
        Assert.Matches(
            $@"START RequestId: {id} Version: \$LATEST\nhello from python\nEND RequestId: {id}\nREPORT RequestId: {id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t\n",
            result.Log
        );
        Assert.Equal(result.Log, string.Concat((await cloud.LogMessages("echo"))));
    }

    [Fact]
    public async Task A_warm_process_is_used_again_and_a_configuration_change_replaces_it()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "counter",
            "import os\nn = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return [n, os.environ.get('COLOUR')]"
        );

        Assert.Equal("[1, null]", (await cloud.Invoke("counter")).Payload);
        Assert.Equal("[2, null]", (await cloud.Invoke("counter")).Payload);
        await cloud.Rest(
            HttpMethod.Put,
            "lambda",
            "/2015-03-31/functions/counter/configuration",
            """{"Environment":{"Variables":{"COLOUR":"red"}}}"""
        );
        await cloud.Settled("counter");
        Assert.Equal("[1, \"red\"]", (await cloud.Invoke("counter")).Payload);
    }

    [Fact]
    public async Task An_invocation_that_waits_for_a_process_gets_the_function_as_it_is_by_then()
    {
        Assert.SkipUnless(FunctionFixture.HasPython && OperatingSystem.IsLinux(), "needs python3 and mkfifo");
        await using var cloud = await TestCloud.Start();
        var gate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (var make = Process.Start("mkfifo", [gate]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await cloud.CreatePython(
            "waits",
            "import os\nif 'GATE' in os.environ:\n    open(os.environ['GATE']).read()\ndef handler(event, context):\n    return os.environ['COLOUR']",
            $$$"""
            "Environment":{"Variables":{"COLOUR":"old","GATE":"{{{gate}}}"}}
            """
        );

        var results = Enumerable.Range(0, 5).Select(_ => cloud.Invoke("waits")).ToList();
        // Open for writing is open as soon as a process, which is starting, reads; the others wait for it.
        await using (await Task.Run(() => new FileStream(gate, FileMode.Open, FileAccess.Write)))
        {
            await cloud.Rest(
                HttpMethod.Put,
                "lambda",
                "/2015-03-31/functions/waits/configuration",
                """{"Environment":{"Variables":{"COLOUR":"new"}}}"""
            );
        }

        Assert.All(await Task.WhenAll(results), result => Assert.Equal("\"new\"", result.Payload));
        File.Delete(gate);
    }

    [Fact]
    public async Task An_exception_is_the_functions_error_with_type_message_and_stack()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("fails", "def handler(event, context):\n    raise ValueError('no')");

        var result = await cloud.Invoke("fails");

        Assert.Equal((200, "Unhandled"), (result.Status, result.FunctionError));
        Assert.Equal("ValueError", result.Json.GetProperty("errorType").GetString());
        Assert.Equal("no", result.Json.GetProperty("errorMessage").GetString());
        Assert.Equal(JsonValueKind.Array, result.Json.GetProperty("stackTrace").ValueKind);
    }

    [Fact]
    public async Task A_function_that_takes_too_long_is_stopped_and_says_so()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "slow",
            "import time\ndef handler(event, context):\n    print('before')\n    time.sleep(60)",
            "\"Timeout\":1"
        );

        var result = await cloud.Invoke("slow", "{}", ("X-Amz-Log-Type", "Tail"));

        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal("Sandbox.Timedout", result.Json.GetProperty("errorType").GetString());
        Assert.Matches(
            "^RequestId: [-0-9a-f]{36} Error: Task timed out after 1.00 seconds$",
            result.Json.GetProperty("errorMessage").GetString()
        );
        Assert.Contains("before\n", result.Log);
        Assert.Contains("Task timed out after 1.00 seconds", result.Log);
        Assert.Contains("\tStatus: timeout", result.Log);
    }

    [Fact]
    public async Task A_process_that_dies_is_a_runtime_exit_error_and_the_next_invocation_gets_a_new_one()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "dies",
            "import os\ndef handler(event, context):\n    if event.get('die'):\n        os._exit(3)\n    return 'alive'"
        );

        var dead = await cloud.Invoke("dies", """{"die":true}""");
        Assert.Equal("Runtime.ExitError", dead.Json.GetProperty("errorType").GetString());
        Assert.EndsWith("Error: Runtime exited with error: exit status 3", dead.Json.GetProperty("errorMessage").GetString());
        Assert.Equal("\"alive\"", (await cloud.Invoke("dies")).Payload);
    }

    [Fact]
    public async Task A_module_that_cannot_be_imported_fails_with_its_reason()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("import", "import nothing_of_this_name");

        var result = await cloud.Invoke("import");

        Assert.Equal("Runtime.ImportModuleError", result.Json.GetProperty("errorType").GetString());
        Assert.Equal(
            "Unable to import module 'index': No module named 'nothing_of_this_name'",
            result.Json.GetProperty("errorMessage").GetString()
        );
    }

    [Theory]
    [InlineData(
        "index.mjs",
        "export const handler = async (event, context) => { console.log('hi'); return { got: event.a, id: context.awsRequestId }; };"
    )]
    [InlineData("index.js", "exports.handler = async (event, context) => ({ got: event.a, id: context.awsRequestId });")]
    [InlineData(
        "index.cjs",
        "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, { got: event.a, id: context.awsRequestId }), 5); };"
    )]
    public async Task A_node_function_runs_in_every_module_form(string file, string code)
    {
        Assert.SkipUnless(FunctionFixture.HasNode, "node is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("node", "nodejs22.x", "index.handler", FunctionFixture.Zip((file, code)));

        var result = await cloud.Invoke("node", """{"a":"b"}""");

        Assert.Null(result.FunctionError);
        Assert.Equal("b", result.Json.GetProperty("got").GetString());
        Assert.Equal(36, result.Json.GetProperty("id").GetString()!.Length);
    }

    [Fact]
    public async Task A_bootstrap_speaks_the_runtime_api_itself()
    {
        Assert.SkipUnless(FunctionFixture.HasPython && OperatingSystem.IsLinux(), "needs a shell and python3");
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction(
            "raw",
            "provided.al2023",
            "any",
            FunctionFixture.Zip(
                (
                    "bootstrap",
                    """
                    #!/usr/bin/env bash
                    while true; do
                      exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}"
                      printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\nHost: x\r\n\r\n' >&3
                      id=$(tr -d '\r' <&3 | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
                      exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}"
                      printf 'POST /2018-06-01/runtime/invocation/%s/response HTTP/1.0\r\nHost: x\r\nContent-Length: 4\r\n\r\n"ok"' "$id" >&3
                      cat <&3 >/dev/null
                    done
                    """
                )
            )
        );

        Assert.Equal("\"ok\"", (await cloud.Invoke("raw")).Payload);
        Assert.Equal("\"ok\"", (await cloud.Invoke("raw")).Payload);
    }

    [Fact]
    public async Task A_function_that_is_not_there_and_a_payload_that_is_no_json_are_refused()
    {
        await using var cloud = await TestCloud.Start();

        var missing = await cloud.Invoke("nothing");
        Assert.Equal(404, missing.Status);
        Assert.Contains("Function not found: arn:aws:lambda:us-east-1:000000000000:function:nothing", missing.Payload);

        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await cloud.CreatePython("echo", "def handler(event, context):\n    return event");
        Assert.Equal(400, (await cloud.Invoke("echo", "{")).Status);
        Assert.Equal(204, (await cloud.Invoke("echo", "{}", ("X-Amz-Invocation-Type", "DryRun"))).Status);
    }
}
