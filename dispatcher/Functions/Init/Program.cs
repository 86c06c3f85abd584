using Amazon.StepFunctions;
using Disa.Functions;
using Disa.Functions.Init;

return await LambdaRuntime.RunAsync(
    log =>
    {
        var function = new InitFunction(new Workflow(new AmazonStepFunctionsClient(), Settings.Text("STATE_MACHINE_ARN"), log), TableShape.FromSettings(), log, TimeProvider.System);
        return (StreamEvent batch, Invocation _, CancellationToken cancellation) => function.RunAsync(batch, cancellation);
    },
    InitJson.Default.StreamEvent,
    InitJson.Default.BatchResponse).ConfigureAwait(false);
