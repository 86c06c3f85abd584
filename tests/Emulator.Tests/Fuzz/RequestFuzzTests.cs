using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;

namespace Disa.Emulator.Tests.Fuzz;

/// <summary>Calls each operation of each service with random requests: the answer is a result or AWS's error, never a bug.</summary>
public sealed class RequestFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_request_meets_a_bug()
    {
        var (random, rounds) = (Fuzzing.Seeded(output.WriteLine), Fuzzing.Rounds(12));
        var log = new LogLines();
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { Loggers = log });
        var maker = new RequestMaker(random, await Fixtures(cloud));
        var caller = new Caller(cloud.Account, cloud.Region, Principal.Root("aws", cloud.Account), cloud.Account, "", "fuzz");
        var bugs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (calls, answers) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var service in cloud.Cloud.Services.Services)
            {
                // Those that wait for something would only wait.
                foreach (var operation in service.Operations.Values.Where(operation => !operation.Waits))
                {
                    var request = maker.Make(operation.Request);
                    calls++;
                    try
                    {
                        await cloud
                            .Cloud.Services.Call(
                                service.SdkName,
                                operation.Name,
                                JsonElement.Parse(request),
                                caller,
                                TestContext.Current.CancellationToken
                            )
                            .WaitAsync(Patience, TestContext.Current.CancellationToken);
                        answers++;
                    }
                    catch (AwsException)
                    {
                        // As it should be.
                    }
                    catch (Exception bug)
                    {
                        bugs.TryAdd(
                            $"{service.SdkName}:{operation.Name} {bug.GetType().Name} {bug.StackTrace?.Split('\n')[0].Trim()}",
                            $"{bug.Message}\n    {request}"
                        );
                    }
                }
            }
        }

        output.WriteLine($"{calls} calls, {answers} of them answered.");
        Assert.True(answers > calls / 50, $"only {answers} of {calls} calls got beyond the checks");
        Assert.True(
            bugs.Count == 0,
            string.Join('\n', bugs.Select(bug => $"{bug.Key}: {bug.Value}").Prepend($"{bugs.Count} bugs in {calls} calls:"))
        );
        Assert.DoesNotContain(log.All, line => line.Contains("a bug in the emulator", StringComparison.Ordinal));
    }

    /// <summary>One of each kind, and their names and ARNs.</summary>
    private static async Task<IReadOnlyList<(string Member, string Value)>> Fixtures(TestCloud cloud)
    {
        await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.CreateTable",
            """{"TableName":"table","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}"""
        );
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await cloud.Query("sns", "CreateTopic", ("Name", "topic"));
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"group"}""");
        var key = await cloud.Json("kms", "TrentService.CreateKey", "{}");
        await cloud.Query(
            "iam",
            "CreateRole",
            ("RoleName", "test"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}"""
            )
        );
        await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            """{"name":"machine","roleArn":"arn:aws:iam::000000000000:role/test","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}"""
        );
        await cloud.Json("ssm", "AmazonSSM.PutParameter", """{"Name":"parameter","Value":"1","Type":"String"}""");
        await cloud.Json(
            "secretsmanager",
            "secretsmanager.CreateSecret",
            """{"Name":"secret","SecretString":"x","ClientRequestToken":"00000000-0000-0000-0000-000000000000"}"""
        );
        await cloud.Json("events", "AWSEvents.PutRule", """{"Name":"rule","ScheduleExpression":"rate(1 day)"}""");
        await cloud.Query(
            "cloudformation",
            "CreateStack",
            ("StackName", "stack"),
            ("TemplateBody", """{"Resources":{"W":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}""")
        );
        var id = key.GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;
        return
        [
            ("TableName", "table"),
            ("TableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/table"),
            ("AttributeName", "a"),
            ("IndexName", "index"),
            ("Statement", "SELECT * FROM \"table\" WHERE a = 'x'"),
            ("QueueName", "q"),
            ("QueueUrl", new Uri(cloud.Endpoint, "/000000000000/q").ToString()),
            ("TopicArn", "arn:aws:sns:us-east-1:000000000000:topic"),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:q"),
            ("Bucket", "bucket"),
            ("Key", "key"),
            ("LogGroup", "group"),
            ("LogStream", "stream"),
            ("StateMachineArn", "arn:aws:states:us-east-1:000000000000:stateMachine:machine"),
            ("Definition", """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"""),
            ("Input", "{}"),
            ("RoleArn", "arn:aws:iam::000000000000:role/test"),
            ("RoleName", "test"),
            ("UserName", "user"),
            ("GroupName", "default"),
            ("KeyId", id),
            ("AliasName", "alias/key"),
            ("SecretId", "secret"),
            ("StackName", "stack"),
            ("TemplateBody", """{"Resources":{"A":{"Type":"AWS::SQS::Queue"}}}"""),
            ("ChangeSetName", "change"),
            ("Rule", "rule"),
            ("EventBusName", "default"),
            ("EventPattern", """{"source":["a"]}"""),
            ("ScheduleExpression", "rate(5 minutes)"),
            ("FunctionName", "function"),
            ("AlarmName", "alarm"),
            ("MetricName", "metric"),
            ("Namespace", "space"),
            ("ResourceArn", "arn:aws:sqs:us-east-1:000000000000:q"),
            ("Arn", "arn:aws:dynamodb:us-east-1:000000000000:table/table"),
            ("Policy", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"""),
            ("Name", "parameter"),
            ("Name", "machine"),
        ];
    }
}
