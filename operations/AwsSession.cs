using Amazon.CloudFormation;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Lambda;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleNotificationService;
using Amazon.SQS;
using Amazon.StepFunctions;

namespace Disa.Operations;

/// <summary>The clients of one target, each made when it is first needed.</summary>
internal sealed class AwsSession(Target target) : IDisposable
{
    /// <summary>A function runs for at most fifteen minutes.</summary>
    private static readonly TimeSpan LongestFunction = TimeSpan.FromMinutes(16);

    /// <summary>A package goes up over whatever line there is.</summary>
    private static readonly TimeSpan LongestUpload = TimeSpan.FromMinutes(10);

    private readonly Lazy<AmazonDynamoDBClient> dynamoDb = new(() => new(target.Credentials, target.Configure(new AmazonDynamoDBConfig())));
    private readonly Lazy<AmazonS3Client> s3 = new(() =>
        new(target.Credentials, target.Configure(new AmazonS3Config { ForcePathStyle = target.Endpoint is not null }, LongestUpload))
    );
    private readonly Lazy<AmazonCloudFormationClient> cloudFormation = new(() =>
        new(target.Credentials, target.Configure(new AmazonCloudFormationConfig()))
    );
    private readonly Lazy<AmazonLambdaClient> lambda = new(() =>
        new(target.Credentials, target.Configure(new AmazonLambdaConfig(), LongestFunction))
    );
    private readonly Lazy<AmazonStepFunctionsClient> stepFunctions = new(() =>
        new(target.Credentials, target.Configure(new AmazonStepFunctionsConfig()))
    );
    private readonly Lazy<AmazonCloudWatchClient> cloudWatch = new(() =>
        new(target.Credentials, target.Configure(new AmazonCloudWatchConfig()))
    );
    private readonly Lazy<AmazonCloudWatchLogsClient> logs = new(() =>
        new(target.Credentials, target.Configure(new AmazonCloudWatchLogsConfig()))
    );
    private readonly Lazy<AmazonSimpleNotificationServiceClient> sns = new(() =>
        new(target.Credentials, target.Configure(new AmazonSimpleNotificationServiceConfig()))
    );
    private readonly Lazy<AmazonSQSClient> sqs = new(() => new(target.Credentials, target.Configure(new AmazonSQSConfig())));
    private readonly Lazy<AmazonKeyManagementServiceClient> kms = new(() =>
        new(target.Credentials, target.Configure(new AmazonKeyManagementServiceConfig()))
    );
    private readonly Lazy<AmazonSecurityTokenServiceClient> sts = new(() =>
        new(target.Credentials, target.Configure(new AmazonSecurityTokenServiceConfig()))
    );
    private readonly Lazy<EmulatorApi> emulator = new(() => new(target));

    public Target Target => target;

    public AmazonDynamoDBClient DynamoDb => dynamoDb.Value;

    public AmazonS3Client S3 => s3.Value;

    public AmazonCloudFormationClient CloudFormation => cloudFormation.Value;

    public AmazonLambdaClient Lambda => lambda.Value;

    public AmazonStepFunctionsClient StepFunctions => stepFunctions.Value;

    public AmazonCloudWatchClient CloudWatch => cloudWatch.Value;

    public AmazonCloudWatchLogsClient Logs => logs.Value;

    public AmazonSimpleNotificationServiceClient Sns => sns.Value;

    public AmazonSQSClient Sqs => sqs.Value;

    public AmazonKeyManagementServiceClient Kms => kms.Value;

    public AmazonSecurityTokenServiceClient Sts => sts.Value;

    /// <summary>What only the emulator has: its clock and its mailbox.</summary>
    public EmulatorApi Emulator => emulator.Value;

    public void Dispose()
    {
        Dispose(dynamoDb);
        Dispose(s3);
        Dispose(cloudFormation);
        Dispose(lambda);
        Dispose(stepFunctions);
        Dispose(cloudWatch);
        Dispose(logs);
        Dispose(sns);
        Dispose(sqs);
        Dispose(kms);
        Dispose(sts);
        Dispose(emulator);
    }

    private static void Dispose<T>(Lazy<T> client)
        where T : IDisposable
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }
}
