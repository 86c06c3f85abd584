using Disa.DotnetRuntime;

// Runs one function of a class library on the Lambda Runtime API, as the managed runtimes dotnet8 and dotnet10 do. It is started with the
// dependencies and the runtime configuration of the function's package, and shares that package's Amazon.Lambda.Core by name alone.
var console = FunctionLog.Capture();
using var api = new RuntimeApi(Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")!);
Handler handler;
try
{
    handler = HandlerLoader.Load(Environment.GetEnvironmentVariable("_HANDLER")!, console);
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync(failure.ToString()).ConfigureAwait(false);
    await api.FailInit(failure).ConfigureAwait(false);
    return 1;
}

while (await api.Next().ConfigureAwait(false) is { } invocation)
{
    console.RequestId = invocation.RequestId;
    Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
    MemoryStream output;
    try
    {
        output = await handler.Run(invocation).ConfigureAwait(false);
    }
    catch (Exception failure)
    {
        await Console.Error.WriteLineAsync(failure.ToString()).ConfigureAwait(false);
        await api.Fail(invocation, failure).ConfigureAwait(false);
        continue;
    }

    await api.Answer(invocation, output).ConfigureAwait(false);
}

return 0;
