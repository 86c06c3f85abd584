using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

/// <summary>The policies that AWS brings to every account, as far as functions and their operators use them.</summary>
internal static class AwsManagedPolicies
{
    private static readonly DateTimeOffset Since = new(2015, 4, 9, 15, 3, 43, TimeSpan.Zero);
    private static readonly Dictionary<string, ManagedPolicy> ByName = Build();

    public static IEnumerable<ManagedPolicy> All => ByName.Values;

    /// <summary>By ARN, in any partition; null where it is not one of these.</summary>
    public static ManagedPolicy? Find(string arn) =>
        Arn.TryParse(arn) is { Service: "iam", Account: "aws" } parsed && ByName.TryGetValue(parsed.Resource, out var policy)
            ? policy with
            {
                Arn = arn,
            }
            : null;

    private static Dictionary<string, ManagedPolicy> Build()
    {
        const string logs = "\"logs:CreateLogGroup\",\"logs:CreateLogStream\",\"logs:PutLogEvents\"";
        (string Path, string Name, string Document)[] policies =
        [
            ("/", "AdministratorAccess", Allow("\"*\"")),
            ("/service-role/", "AWSLambdaBasicExecutionRole", Allow(logs)),
            (
                "/service-role/",
                "AWSLambdaDynamoDBExecutionRole",
                Allow("\"dynamodb:DescribeStream\",\"dynamodb:GetRecords\",\"dynamodb:GetShardIterator\",\"dynamodb:ListStreams\"," + logs)
            ),
            (
                "/service-role/",
                "AWSLambdaSQSQueueExecutionRole",
                Allow("\"sqs:ReceiveMessage\",\"sqs:DeleteMessage\",\"sqs:GetQueueAttributes\"," + logs)
            ),
            ("/service-role/", "AWSLambdaRole", Allow("\"lambda:InvokeFunction\"")),
            (
                "/service-role/",
                "AWSLambdaVPCAccessExecutionRole",
                Allow(
                    logs
                        + ",\"ec2:CreateNetworkInterface\",\"ec2:DescribeNetworkInterfaces\",\"ec2:DescribeSubnets\",\"ec2:DeleteNetworkInterface\",\"ec2:AssignPrivateIpAddresses\",\"ec2:UnassignPrivateIpAddresses\""
                )
            ),
            (
                "/",
                "AWSXRayDaemonWriteAccess",
                Allow(
                    "\"xray:PutTraceSegments\",\"xray:PutTelemetryRecords\",\"xray:GetSamplingRules\",\"xray:GetSamplingTargets\",\"xray:GetSamplingStatisticSummaries\""
                )
            ),
            ("/", "AmazonSNSFullAccess", Allow("\"sns:*\"")),
            ("/", "AmazonSQSFullAccess", Allow("\"sqs:*\"")),
            ("/", "AmazonS3FullAccess", Allow("\"s3:*\",\"s3-object-lambda:*\"")),
            (
                "/",
                "AmazonS3ReadOnlyAccess",
                Allow("\"s3:Get*\",\"s3:List*\",\"s3:Describe*\",\"s3-object-lambda:Get*\",\"s3-object-lambda:List*\"")
            ),
            ("/", "AWSStepFunctionsFullAccess", Allow("\"states:*\"")),
            ("/", "CloudWatchLogsFullAccess", Allow("\"logs:*\",\"cloudwatch:GenerateQuery\"")),
        ];
        return policies.ToDictionary(
            policy => $"policy{policy.Path}{policy.Name}",
            policy => new ManagedPolicy
            {
                PolicyName = policy.Name,
                PolicyId =
                    "ANPA"
                    + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(policy.Name)))[
                        ..17
                    ],
                Arn = $"arn:aws:iam::aws:policy{policy.Path}{policy.Name}",
                Path = policy.Path,
                CreateDate = Since,
                UpdateDate = Since,
                DefaultVersionId = "v1",
                Versions = [new("v1", policy.Document, Since)],
            },
            StringComparer.Ordinal
        );
    }

    private static string Allow(string actions) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[{{actions}}],"Resource":"*"}]}""";
}
