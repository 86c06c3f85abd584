using Amazon.CloudWatch;
using Amazon.DynamoDBv2;
using Amazon.StepFunctions;
using Disa.Functions;
using Disa.Functions.Retry;

return await LambdaRuntime.RunAsync(
    log =>
    {
        var dynamoDb = new AmazonDynamoDBClient();
        var function = new RetryFunction(
            new Breaker(new AmazonCloudWatchClient(), dynamoDb, Settings.Text("ALARM_NAME"), Settings.Text("CONTROL_TABLE_NAME"), log),
            new DueIndex(dynamoDb, Settings.Text("TABLE_NAME")),
            new Workflow(new AmazonStepFunctionsClient(), Settings.Text("STATE_MACHINE_ARN"), log),
            Settings.Number("SWEEP_MAX_ITEMS", 1000),
            Settings.Text("DISA_STACK", "disa"),
            log,
            TimeProvider.System);
        return (RetryEvent input, Invocation _, CancellationToken cancellation) => function.RunAsync(input, cancellation);
    },
    RetryJson.Default.RetryEvent,
    RetryJson.Default.RetryResult).ConfigureAwait(false);
