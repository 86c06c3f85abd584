using Amazon.DynamoDBStreams;
using Amazon.DynamoDBv2;
using Amazon.StepFunctions;
using Disa.Functions;
using Disa.Functions.Init;

return await LambdaRuntime
    .RunAsync(
        log =>
        {
            var connections = new FreshConnections(TimeProvider.System);
            var dynamoDb = new AmazonDynamoDBClient(new AmazonDynamoDBConfig { HttpClientFactory = connections });
            var stepFunctions = new AmazonStepFunctionsClient(new AmazonStepFunctionsConfig { HttpClientFactory = connections });
            var workflow = new Workflow(stepFunctions, Settings.Text("STATE_MACHINE_ARN"), log);
            var lines =
                Settings.Text("TOPIC_IS_FIFO", "false") == "true"
                    ? new GroupLines(dynamoDb, Settings.Text("TABLE_NAME"), Settings.Text("CONTROL_TABLE_NAME"), log)
                    : null;
            var function = new InitFunction(
                workflow,
                TableSettings.Shape(),
                log,
                TimeProvider.System,
                lines,
                new GivenUpRecords(
                    new AmazonDynamoDBStreamsClient(new AmazonDynamoDBStreamsConfig { HttpClientFactory = connections }),
                    log
                )
            );
            return (StreamEvent batch, Invocation _, CancellationToken cancellation) =>
                connections.ForAsync(batch.Newest, () => function.RunAsync(batch, cancellation));
        },
        InitJson.Default.StreamEvent,
        InitJson.Default.BatchResponse,
        new InitRehearsal(TableSettings.Shape()).RunAsync
    )
    .ConfigureAwait(false);
