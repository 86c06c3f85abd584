using Amazon.DynamoDBv2;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions;
using Disa.Functions.Process;

return await LambdaRuntime
    .RunAsync(
        log =>
        {
            var shape = TableSettings.Shape();
            var connections = new FreshConnections(TimeProvider.System);
            var dynamoDb = new AmazonDynamoDBClient(
                new AmazonDynamoDBConfig { Timeout = Timeouts.TableRequest, HttpClientFactory = connections }
            );
            var table = new MessageTable(dynamoDb, Settings.Text("TABLE_NAME"), shape);

            // The publisher retries by itself what was certainly not sent: the SDK would also repeat what may have been, and what a
            // connection that ended left without an answer up to ten times, whatever MaxErrorRetry is.
            var sns = new AmazonSimpleNotificationServiceClient(
                new AmazonSimpleNotificationServiceConfig
                {
                    MaxErrorRetry = 0,
                    MaxStaleConnectionRetries = 0,
                    Timeout = Timeouts.Publish,
                    HttpClientFactory = connections,
                }
            );
            var limits = new SendLimits(
                Settings.Number("MAX_MESSAGE_BYTES", MessageLimits.DefaultBytes),
                TimeSpan.FromDays(Settings.Number("RETENTION_DAYS", 0)),
                Settings.Text("PARKED_GROUP_HEAD", "BLOCK") == "BLOCK"
            );
            var backoff = new Backoff(
                TimeSpan.FromSeconds(Settings.Number("RETRY_FIRST_DELAY_SECONDS", 30)),
                TimeSpan.FromSeconds(Settings.Number("RETRY_MAX_DELAY_SECONDS", 3600)),
                Settings.Number("RETRY_MAX_ATTEMPTS", 24)
            );
            var topicArn = Settings.Text("SNS_TOPIC_ARN");
            var publisher = new Publisher(sns, topicArn, TimeProvider.System);
            var function = new ProcessFunction(
                table,
                new Sender(table, shape, backoff, Random.Shared.NextDouble, log, limits),
                publisher,
                Settings.Text("DISA_STACK", "disa"),
                log,
                TimeProvider.System,
                new Pace(dynamoDb, Settings.Text("CONTROL_TABLE_NAME", ""), Settings.Number("MAX_SENDS_PER_SECOND", 0)),
                Spans.Exported,
                new OwnFunction(
                    () =>
                        new AmazonLambdaClient(
                            new AmazonLambdaConfig
                            {
                                MaxErrorRetry = 0,
                                Timeout = OwnFunction.Timeout,
                                HttpClientFactory = connections,
                            }
                        ),
                    Settings.Text("AWS_LAMBDA_FUNCTION_NAME"),
                    Settings.Text("AWS_LAMBDA_FUNCTION_VERSION"),
                    topicArn,
                    log
                )
            );
            return (ProcessEvent input, Invocation invocation, CancellationToken cancellation) =>
                connections.ForAsync(
                    Instant.TryParse(input.Time, out var sent) ? sent : null,
                    () => function.RunAsync(input, () => invocation.Deadline - TimeProvider.System.GetUtcNow(), cancellation)
                );
        },
        ProcessJson.Default.ProcessEvent,
        ProcessJson.Default.ProcessResult
    )
    .ConfigureAwait(false);
