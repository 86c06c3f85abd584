using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>The policies that SAM writes by their name, of the services that are here.</summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html</remarks>
internal static class PolicyTemplates
{
    private const string Table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}";
    private const string Bucket = "arn:${AWS::Partition}:s3:::${BucketName}";
    private const string Here = "${AWS::Region}:${AWS::AccountId}";

    /// <summary>By name: its parameters, and its statements, each with actions and resources.</summary>
    private static readonly Dictionary<string, (string[] Parameters, (string Actions, string[] Resources)[] Statements)> Known = new(
        StringComparer.Ordinal
    )
    {
        ["SQSPollerPolicy"] = (
            ["QueueName"],
            [
                (
                    "sqs:ChangeMessageVisibility sqs:ChangeMessageVisibilityBatch sqs:DeleteMessage sqs:DeleteMessageBatch sqs:GetQueueAttributes sqs:ReceiveMessage",
                    [$"arn:${{AWS::Partition}}:sqs:{Here}:${{QueueName}}"]
                ),
            ]
        ),
        ["SQSSendMessagePolicy"] = (["QueueName"], [("sqs:SendMessage*", [$"arn:${{AWS::Partition}}:sqs:{Here}:${{QueueName}}"])]),
        ["LambdaInvokePolicy"] = (
            ["FunctionName"],
            [("lambda:InvokeFunction", [$"arn:${{AWS::Partition}}:lambda:{Here}:function:${{FunctionName}}*"])]
        ),
        ["CloudWatchPutMetricPolicy"] = ([], [("cloudwatch:PutMetricData", ["*"])]),
        ["CloudWatchDescribeAlarmHistoryPolicy"] = ([], [("cloudwatch:DescribeAlarmHistory", ["*"])]),
        ["DynamoDBCrudPolicy"] = (
            ["TableName"],
            [
                (
                    "dynamodb:GetItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:Scan dynamodb:Query dynamodb:UpdateItem dynamodb:BatchWriteItem dynamodb:BatchGetItem dynamodb:DescribeTable dynamodb:ConditionCheckItem",
                    [Table, Table + "/index/*"]
                ),
            ]
        ),
        ["DynamoDBReadPolicy"] = (
            ["TableName"],
            [("dynamodb:GetItem dynamodb:Scan dynamodb:Query dynamodb:BatchGetItem dynamodb:DescribeTable", [Table, Table + "/index/*"])]
        ),
        ["DynamoDBWritePolicy"] = (
            ["TableName"],
            [("dynamodb:PutItem dynamodb:UpdateItem dynamodb:BatchWriteItem", [Table, Table + "/index/*"])]
        ),
        ["DynamoDBReconfigurePolicy"] = (["TableName"], [("dynamodb:UpdateTable", [Table])]),
        ["DynamoDBStreamReadPolicy"] = (
            ["TableName", "StreamName"],
            [
                ("dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator", [Table + "/stream/${StreamName}"]),
                ("dynamodb:ListStreams", [Table + "/stream/*"]),
            ]
        ),
        ["S3ReadPolicy"] = (
            ["BucketName"],
            [("s3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:GetLifecycleConfiguration", [Bucket, Bucket + "/*"])]
        ),
        ["S3WritePolicy"] = (["BucketName"], [("s3:PutObject s3:PutObjectAcl s3:PutLifecycleConfiguration", [Bucket, Bucket + "/*"])]),
        ["S3CrudPolicy"] = (
            ["BucketName"],
            [
                (
                    "s3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:PutObject s3:PutObjectAcl s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration s3:DeleteObject",
                    [Bucket, Bucket + "/*"]
                ),
            ]
        ),
        ["SNSPublishMessagePolicy"] = (["TopicName"], [("sns:Publish", [$"arn:${{AWS::Partition}}:sns:{Here}:${{TopicName}}"])]),
        ["SNSCrudPolicy"] = (
            ["TopicName"],
            [
                (
                    "sns:ListSubscriptionsByTopic sns:CreateTopic sns:SetTopicAttributes sns:Subscribe sns:Publish",
                    [$"arn:${{AWS::Partition}}:sns:{Here}:${{TopicName}}*"]
                ),
            ]
        ),
        ["KMSDecryptPolicy"] = (["KeyId"], [("kms:Decrypt", [$"arn:${{AWS::Partition}}:kms:{Here}:key/${{KeyId}}"])]),
        ["KMSEncryptPolicy"] = (["KeyId"], [("kms:Encrypt", [$"arn:${{AWS::Partition}}:kms:{Here}:key/${{KeyId}}"])]),
        ["StepFunctionsExecutionPolicy"] = (
            ["StateMachineName"],
            [("states:StartExecution", [$"arn:${{AWS::Partition}}:states:{Here}:stateMachine:${{StateMachineName}}"])]
        ),
        ["EventBridgePutEventsPolicy"] = (
            ["EventBusName"],
            [("events:PutEvents", [$"arn:${{AWS::Partition}}:events:{Here}:event-bus/${{EventBusName}}"])]
        ),
        ["SSMParameterReadPolicy"] = (
            ["ParameterName"],
            [
                ("ssm:DescribeParameters", ["*"]),
                (
                    "ssm:GetParameters ssm:GetParameter ssm:GetParametersByPath",
                    [$"arn:${{AWS::Partition}}:ssm:{Here}:parameter/${{ParameterName}}"]
                ),
            ]
        ),
        ["AWSSecretsManagerGetSecretValuePolicy"] = (["SecretArn"], [("secretsmanager:GetSecretValue", ["${SecretArn}"])]),
        ["FilterLogEventsPolicy"] = (
            ["LogGroupName"],
            [("logs:FilterLogEvents", [$"arn:${{AWS::Partition}}:logs:{Here}:log-group:${{LogGroupName}}:log-stream:*"])]
        ),
        ["CloudFormationDescribeStacksPolicy"] = (
            [],
            [("cloudformation:DescribeStacks", [$"arn:${{AWS::Partition}}:cloudformation:{Here}:stack/*"])]
        ),
    };

    /// <summary>The statements of one; null where the name is none.</summary>
    public static MapNode? Document(string id, string name, MapNode parameters)
    {
        if (!Known.TryGetValue(name, out var template))
        {
            return null;
        }

        if (template.Parameters.FirstOrDefault(parameter => parameters[parameter] is null) is { } missing)
        {
            throw SamErrors.Resource(
                id,
                $"Must specify valid parameter values for policy template '{name}'. Missing parameter '{missing}'"
            );
        }

        return Map(
            (
                "Statement",
                List(
                    template.Statements.Select(statement =>
                        (Node)Statement(
                            statement.Actions.Split(' '),
                            statement.Resources.Select(resource =>
                                resource == "*" ? (Node)Text(resource) : Sub(resource, Used(resource, template.Parameters, parameters))
                            )
                        )
                    )
                )
            )
        );
    }

    private static MapNode? Used(string resource, string[] names, MapNode parameters)
    {
        var used = names.Where(name => resource.Contains($"${{{name}}}", StringComparison.Ordinal)).ToList();
        return used.Count == 0 ? null : Map(Of(parameters, used));
    }
}
