using System.Text.Json;
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
        var audit = new AuditRun(
            new Audit(dynamoDb, Settings.Text("TABLE_NAME"), Settings.Text("CONTROL_TABLE_NAME"), Settings.Text("PARTITION_KEY_NAME", "sequenceNo")),
            TimeSpan.FromMinutes(Settings.Number("AUDIT_OLDER_THAN_MINUTES", 15)),
            Settings.Text("DISA_STACK", "disa"),
            log,
            TimeProvider.System);
        return async (RetryEvent input, Invocation _, CancellationToken cancellation) => input.Source == AuditRun.Source
            ? JsonSerializer.SerializeToElement(await audit.RunAsync(input, cancellation).ConfigureAwait(false), RetryJson.Default.AuditReport)
            : JsonSerializer.SerializeToElement(await function.RunAsync(input, cancellation).ConfigureAwait(false), RetryJson.Default.RetryResult);
    },
    RetryJson.Default.RetryEvent,
    RetryJson.Default.JsonElement).ConfigureAwait(false);
