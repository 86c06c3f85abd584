using System.Text.Json;
using Amazon.CloudWatch;
using Amazon.DynamoDBv2;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;
using Disa.Functions;
using Disa.Functions.Retry;

return await LambdaRuntime
    .RunAsync(
        log =>
        {
            var connections = new FreshConnections(TimeProvider.System);
            var dynamoDb = new AmazonDynamoDBClient(new AmazonDynamoDBConfig { HttpClientFactory = connections });
            var stack = Settings.Text("DISA_STACK", "disa");
            var function = new RetryFunction(
                new AlarmReader(
                    new AmazonCloudWatchClient(new AmazonCloudWatchConfig { HttpClientFactory = connections }),
                    Settings.Text("ALARM_NAME"),
                    log
                ),
                new BreakerStore(dynamoDb, Settings.Text("CONTROL_TABLE_NAME"), Settings.Text("ALARM_NAME")),
                new DueIndex(dynamoDb, Settings.Text("TABLE_NAME")),
                new StateCounter(dynamoDb, Settings.Text("TABLE_NAME")),
                new SubscriptionReader(
                    new AmazonSimpleNotificationServiceClient(
                        new AmazonSimpleNotificationServiceConfig { HttpClientFactory = connections }
                    ),
                    Settings.Text("SNS_TOPIC_ARN"),
                    log
                ),
                new Workflow(
                    new AmazonStepFunctionsClient(new AmazonStepFunctionsConfig { HttpClientFactory = connections }),
                    Settings.Text("STATE_MACHINE_ARN"),
                    log
                ),
                new(Settings.Number("SWEEP_MAX_ITEMS", 1000), TimeSpan.FromSeconds(Settings.Number("PROBE_INTERVAL_SECONDS", 60)), stack),
                log,
                TimeProvider.System
            );
            var shape = TableSettings.Shape();
            var audit = new AuditRun(
                dynamoDb,
                Settings.Text("CONTROL_TABLE_NAME"),
                new Audit(dynamoDb, Settings.Text("TABLE_NAME"), shape),
                new DueAgain(dynamoDb, Settings.Text("TABLE_NAME"), shape),
                shape,
                TimeSpan.FromMinutes(Settings.Number("AUDIT_OLDER_THAN_MINUTES", 15)),
                stack,
                log,
                TimeProvider.System
            );
            return (RetryEvent input, Invocation _, CancellationToken cancellation) =>
                connections.ForAsync(
                    Instant.TryParse(input.Time, out var sent) ? sent : null,
                    async () =>
                        input.Source == AuditRun.Source
                            ? JsonSerializer.SerializeToElement(
                                await audit.RunAsync(input, cancellation).ConfigureAwait(false),
                                RetryJson.Default.AuditReport
                            )
                            : JsonSerializer.SerializeToElement(
                                await function.RunAsync(input, cancellation).ConfigureAwait(false),
                                RetryJson.Default.RetryResult
                            )
                );
        },
        RetryJson.Default.RetryEvent,
        RetryJson.Default.JsonElement
    )
    .ConfigureAwait(false);
