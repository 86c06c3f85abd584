using Amazon.DynamoDBStreams;
using Amazon.DynamoDBv2;
using Amazon.StepFunctions;
using Disa.Functions;
using Disa.Functions.Init;

return await LambdaRuntime
    .RunAsync(
        log =>
        {
            var workflow = new Workflow(new AmazonStepFunctionsClient(), Settings.Text("STATE_MACHINE_ARN"), log);
            var lines =
                Settings.Text("TOPIC_IS_FIFO", "false") == "true"
                    ? new GroupLines(new AmazonDynamoDBClient(), Settings.Text("TABLE_NAME"), Settings.Text("CONTROL_TABLE_NAME"), log)
                    : null;
            var function = new InitFunction(
                workflow,
                TableSettings.Shape(),
                log,
                TimeProvider.System,
                lines,
                new GivenUpRecords(new AmazonDynamoDBStreamsClient(), log)
            );
            return (StreamEvent batch, Invocation _, CancellationToken cancellation) => function.RunAsync(batch, cancellation);
        },
        InitJson.Default.StreamEvent,
        InitJson.Default.BatchResponse
    )
    .ConfigureAwait(false);
