using System.Text.Json;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Rooms;

/// <summary>At least two of everything that can be listed, of everything that has lists of its own.</summary>
/// <param name="names">Takes the names that are known only once a thing is made.</param>
internal sealed class ListedResources(TestCloud cloud, Dictionary<string, string> names)
{
    private const string Account = "000000000000";
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task Make()
    {
        await Keys();
        await Messaging();
        await Tables();
        await Functions();
        await Identities();
        await Events();
        await Texts();
        await Metrics();
        await Workflows();
        await Stacks();
    }

    public async Task MakeLogsAndWorkflows()
    {
        await Texts();
        await Workflows();
    }

    private async Task<JsonElement> Call(string service, string operation, string body) =>
        await cloud.Json(service, $"{ListedCloud.Target(service)}.{operation}", body);

    private async Task Keys()
    {
        foreach (var name in (string[])["KEY1", "KEY2"])
        {
            var key = (await Call("kms", "CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;
            names[name] = key;
            await Call("kms", "CreateAlias", $$"""{"AliasName":"alias/{{name}}a","TargetKeyId":"{{key}}"}""");
            await Call("kms", "CreateAlias", $$"""{"AliasName":"alias/{{name}}b","TargetKeyId":"{{key}}"}""");
            await Call(
                "kms",
                "TagResource",
                $$"""{"KeyId":"{{key}}","Tags":[{"TagKey":"a","TagValue":""},{"TagKey":"b","TagValue":""}]}"""
            );
            await Call("kms", "RotateKeyOnDemand", $$"""{"KeyId":"{{key}}"}""");
            for (var i = 0; i < 2; i++)
            {
                await Call(
                    "kms",
                    "CreateGrant",
                    $$"""{"KeyId":"{{key}}","GranteePrincipal":"arn:aws:iam::{{Account}}:root","RetiringPrincipal":"arn:aws:iam::{{Account}}:root","Operations":["Encrypt"],"Name":"{{i}}"}"""
                );
            }
        }
    }

    private async Task Messaging()
    {
        foreach (var dead in (string[])["dead1", "dead2"])
        {
            await Call("sqs", "CreateQueue", $$"""{"QueueName":"{{dead}}"}""");
            foreach (var source in (string[])["a", "b"])
            {
                var policy = $$"""{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:{{Account}}:{{dead}}\",\"maxReceiveCount\":1}""";
                await Call("sqs", "CreateQueue", $$"""{"QueueName":"{{dead}}-{{source}}","Attributes":{"RedrivePolicy":"{{policy}}"} }""");
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 101).Select(i => cloud.Query("sns", "CreateTopic", ("Name", $"topic{i}"))));
        await Task.WhenAll(
            Enumerable
                .Range(0, 101)
                .Select(i =>
                    cloud.Query(
                        "sns",
                        "Subscribe",
                        ("TopicArn", $"arn:aws:sns:us-east-1:{Account}:topic0"),
                        ("Protocol", "email"),
                        ("Endpoint", $"{i}@example.com")
                    )
                )
        );
    }

    private async Task Tables()
    {
        await cloud.Send(HttpMethod.Put, "s3", "/one", "", "");
        await cloud.Send(HttpMethod.Put, "s3", "/two", "", "");
        foreach (var key in (string[])["/one/a", "/one/b", "/two/a", "/two/b"])
        {
            await cloud.Send(HttpMethod.Put, "s3", key, "data", "text/plain");
        }

        foreach (var name in (string[])["one", "two"])
        {
            await Call(
                "dynamodb",
                "CreateTable",
                $$"""{"TableName":"{{name}}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"""
            );
            Assert.True(await cloud.Clock.Settle(Patience));
            await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
            await Call("dynamodb", "UpdateContributorInsights", $$"""{"TableName":"{{name}}","ContributorInsightsAction":"ENABLE"}""");
            await Call(
                "dynamodb",
                "UpdateContinuousBackups",
                $$"""{"TableName":"{{name}}","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true} }"""
            );
            await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
            names["SELECT_" + name] = $"SELECT * FROM {name}";
            for (var i = 0; i < 2; i++)
            {
                await Call("dynamodb", "PutItem", $$"""{"TableName":"{{name}}","Item":{"id":{"S":"{{i}}"} } }""");
                await Call(
                    "dynamodb",
                    "ExportTableToPointInTime",
                    $$"""{"TableArn":"arn:aws:dynamodb:us-east-1:{{Account}}:table/{{name}}","S3Bucket":"one","S3Prefix":"{{i}}"}"""
                );
            }
        }
    }

    private async Task Functions()
    {
        foreach (var name in (string[])["one", "two"])
        {
            await cloud.CreateFunction(name, "provided.al2023", "any", FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n")));
            var function = "functions/" + name;
            await cloud.Rest(HttpMethod.Post, "lambda", $"/2015-03-31/{function}/versions", "{}");
            await cloud.Rest(HttpMethod.Post, "lambda", $"/2015-03-31/{function}/aliases", """{"Name":"a","FunctionVersion":"1"}""");
            await cloud.Rest(HttpMethod.Post, "lambda", $"/2015-03-31/{function}/aliases", """{"Name":"b","FunctionVersion":"1"}""");
            await cloud.Rest(HttpMethod.Put, "lambda", $"/2019-09-25/{function}/event-invoke-config", """{"MaximumRetryAttempts":1}""");
            await cloud.Rest(
                HttpMethod.Put,
                "lambda",
                $"/2019-09-25/{function}/event-invoke-config?Qualifier=1",
                """{"MaximumRetryAttempts":1}"""
            );
            foreach (var alias in (string[])["a", "b"])
            {
                await cloud.Rest(
                    HttpMethod.Put,
                    "lambda",
                    $"/2019-09-30/{function}/provisioned-concurrency?Qualifier={alias}",
                    """{"ProvisionedConcurrentExecutions":1}"""
                );
                await cloud.Rest(
                    HttpMethod.Post,
                    "lambda",
                    $"/2018-10-31/layers/{name}/versions",
                    $$$"""{"CompatibleArchitectures":["arm64"],"Content":{"ZipFile":"{{{Convert.ToBase64String(FunctionFixture.Zip(("a", "b")))}}}"}}"""
                );
            }

            await cloud.Rest(HttpMethod.Post, "lambda", $"/2021-10-31/{function}/url", """{"AuthType":"NONE"}""");
            await cloud.Rest(HttpMethod.Post, "lambda", $"/2021-10-31/{function}/url?Qualifier=a", """{"AuthType":"NONE"}""");
            await cloud.Rest(
                HttpMethod.Post,
                "lambda",
                "/2015-03-31/event-source-mappings",
                $$"""{"FunctionName":"{{name}}","EventSourceArn":"arn:aws:sqs:us-east-1:{{Account}}:dead1-a"}"""
            );
        }
    }

    private async Task Identities()
    {
        foreach (var name in (string[])["one", "two"])
        {
            await cloud.Query("iam", "CreateUser", ("UserName", name));
            await cloud.Query("iam", "CreateGroup", ("GroupName", name));
            await cloud.Query(
                "iam",
                "CreateRole",
                ("RoleName", name),
                (
                    "AssumeRolePolicyDocument",
                    """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}"""
                ),
                ("Tags.member.1.Key", "a"),
                ("Tags.member.1.Value", ""),
                ("Tags.member.2.Key", "b"),
                ("Tags.member.2.Value", "")
            );
            const string policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""";
            await cloud.Query("iam", "CreatePolicy", ("PolicyName", name), ("PolicyDocument", policy));
            foreach (var inline in (string[])["a", "b"])
            {
                await cloud.Query("iam", "PutRolePolicy", ("RoleName", name), ("PolicyName", inline), ("PolicyDocument", policy));
            }

            foreach (var attached in (string[])[$"{Account}:policy/one", "aws:policy/AdministratorAccess"])
            {
                await cloud.Query("iam", "AttachRolePolicy", ("RoleName", name), ("PolicyArn", $"arn:aws:iam::{attached}"));
            }
        }

        foreach (var (profile, role) in ((string, string)[])[("one", "one"), ("one-more", "one"), ("two", "two"), ("two-more", "two")])
        {
            await cloud.Query(
                "iam",
                "CreateInstanceProfile",
                ("InstanceProfileName", profile),
                ("Tags.member.1.Key", "a"),
                ("Tags.member.1.Value", ""),
                ("Tags.member.2.Key", "b"),
                ("Tags.member.2.Value", "")
            );
            await cloud.Query("iam", "AddRoleToInstanceProfile", ("InstanceProfileName", profile), ("RoleName", role));
        }

        foreach (var (user, group) in ((string, string)[])[("one", "one"), ("one", "two"), ("two", "one"), ("two", "two")])
        {
            await cloud.Query("iam", "AddUserToGroup", ("UserName", user), ("GroupName", group));
        }
    }

    private async Task Events()
    {
        await Call("events", "CreateEventBus", """{"Name":"bus"}""");
        var target = $$"""{"Id":"ID","Arn":"arn:aws:sqs:us-east-1:{{Account}}:dead1"}""";
        foreach (var name in (string[])["one", "two"])
        {
            await Call("events", "PutRule", $$"""{"Name":"{{name}}","ScheduleExpression":"rate(1 day)","State":"DISABLED"}""");
            await Call("events", "PutRule", $$"""{"Name":"{{name}}","EventBusName":"bus","EventPattern":"{\"source\":[\"a\"]}"}""");
            await Call(
                "events",
                "PutTargets",
                $$"""{"Rule":"{{name}}","Targets":[{{target.Replace("ID", "a", StringComparison.Ordinal)}},{{target.Replace("ID", "b", StringComparison.Ordinal)}}]}"""
            );
            var connection = await Call(
                "events",
                "CreateConnection",
                $$"""{"Name":"{{name}}","AuthorizationType":"API_KEY","AuthParameters":{"ApiKeyAuthParameters":{"ApiKeyName":"a","ApiKeyValue":"b"} } }"""
            );
            await Call(
                "events",
                "CreateApiDestination",
                $$"""{"Name":"{{name}}","ConnectionArn":"{{connection.GetProperty("ConnectionArn")}}","HttpMethod":"GET","InvocationEndpoint":"https://localhost"}"""
            );
            await Call(
                "events",
                "CreateArchive",
                $$"""{"ArchiveName":"{{name}}","EventSourceArn":"arn:aws:events:us-east-1:{{Account}}:event-bus/bus"}"""
            );
            await Call(
                "events",
                "StartReplay",
                $$"""{"ReplayName":"{{name}}","EventSourceArn":"arn:aws:events:us-east-1:{{Account}}:archive/{{name}}","EventStartTime":1,"EventEndTime":2,"Destination":{"Arn":"arn:aws:events:us-east-1:{{Account}}:event-bus/bus"} }"""
            );
            await cloud.Rest(HttpMethod.Post, "scheduler", $"/schedule-groups/{name}", "{}");
            foreach (var group in (string[])["one", "two", "default"])
            {
                if (group != "two" || name == "two")
                {
                    await cloud.Rest(
                        HttpMethod.Post,
                        "scheduler",
                        $"/schedules/{name}",
                        $$"""{"GroupName":"{{group}}","ScheduleExpression":"rate(1 day)","State":"DISABLED","FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"arn:aws:sqs:us-east-1:{{Account}}:dead1","RoleArn":"{{FunctionFixture.Role}}"} }"""
                    );
                }
            }
        }
    }

    private async Task Texts()
    {
        foreach (var name in (string[])["one", "two"])
        {
            await Call(
                "secretsmanager",
                "CreateSecret",
                $$"""{"Name":"{{name}}","SecretString":"1","ClientRequestToken":"{{Guid.NewGuid()}}"}"""
            );
            await Call(
                "secretsmanager",
                "PutSecretValue",
                $$"""{"SecretId":"{{name}}","SecretString":"2","ClientRequestToken":"{{Guid.NewGuid()}}"}"""
            );
            await Call("logs", "CreateLogGroup", $$"""{"logGroupName":"{{name}}"}""");
            await Call(
                "logs",
                "PutResourcePolicy",
                $$"""{"policyName":"{{name}}","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"""
            );
            await Call(
                "logs",
                "PutDeliveryDestination",
                $$"""{"name":"{{name}}","deliveryDestinationConfiguration":{"destinationResourceArn":"arn:aws:s3:::{{name}}"} }"""
            );
            foreach (var part in (string[])["a", "b"])
            {
                await Call("ssm", "PutParameter", $$"""{"Name":"/{{name}}/{{part}}","Value":"1","Type":"String"}""");
                await Call("ssm", "PutParameter", $$"""{"Name":"/{{name}}/{{part}}","Value":"2","Overwrite":true}""");
                await Call("logs", "CreateLogStream", $$"""{"logGroupName":"{{name}}","logStreamName":"{{part}}"}""");
                var now = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds();
                await Call(
                    "logs",
                    "PutLogEvents",
                    $$"""{"logGroupName":"{{name}}","logStreamName":"{{part}}","logEvents":[{"timestamp":{{now}},"message":"1"},{"timestamp":{{now}},"message":"2"}]}"""
                );
            }
        }
    }

    private async Task Metrics()
    {
        var metrics = string.Join(',', Enumerable.Range(0, 501).Select(i => $$"""{"MetricName":"m{{i}}","Value":1}"""));
        await Call("monitoring", "PutMetricData", $$"""{"Namespace":"n","MetricData":[{{metrics}}]}""");
        foreach (var name in (string[])["one", "two"])
        {
            await Call(
                "monitoring",
                "PutMetricAlarm",
                $$"""{"AlarmName":"{{name}}","Namespace":"n","MetricName":"m0","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold"}"""
            );
        }

        await Task.WhenAll(
            Enumerable
                .Range(0, 1001)
                .Select(i => Call("monitoring", "PutDashboard", $$"""{"DashboardName":"d{{i}}","DashboardBody":"{\"widgets\":[]}"}"""))
        );
    }

    private async Task Workflows()
    {
        static string Run(string state) =>
            """{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},""".Replace(
                "\"P\"",
                $"\"{state}\"",
                StringComparison.Ordinal
            );

        static JsonEncodedText Definition(string comment) =>
            JsonEncodedText.Encode(
                $$"""{"Comment":"{{comment}}","StartAt":"A","States":{"A":{{Run("P")}}"Next":"B"},"B":{{Run("Q")}}"End":true} } }"""
            );

        foreach (var name in (string[])["one", "two"])
        {
            await Call("states", "CreateActivity", $$"""{"name":"{{name}}"}""");
            await Call(
                "states",
                "CreateStateMachine",
                $$"""{"name":"{{name}}","roleArn":"{{FunctionFixture.Role}}","definition":"{{Definition("")}}"}"""
            );
            foreach (var more in (string[])["a", "b"])
            {
                await Call(
                    "states",
                    "UpdateStateMachine",
                    $$"""{"stateMachineArn":"{{Machine}}{{name}}","definition":"{{Definition(more)}}"}"""
                );
                var version = await Call("states", "PublishStateMachineVersion", $$"""{"stateMachineArn":"{{Machine}}{{name}}"}""");
                await Call(
                    "states",
                    "CreateStateMachineAlias",
                    $$"""{"name":"{{more}}","routingConfiguration":[{"stateMachineVersionArn":"{{version.GetProperty("stateMachineVersionArn").GetString()}}","weight":100}]}"""
                );
                await Call("states", "StartExecution", $$"""{"stateMachineArn":"{{Machine}}{{name}}","name":"{{more}}","input":"[1]"}""");
            }
        }

        Assert.True(await cloud.Clock.Settle(Patience));
    }

    private async Task Stacks()
    {
        var template = string.Concat(
            Enumerable.Range(0, 40).Select(i => $"  H{i}: {{ Type: AWS::CloudFormation::WaitConditionHandle }}\n")
        );
        foreach (var name in (string[])["one", "two"])
        {
            await cloud.Query("cloudformation", "CreateStack", ("StackName", name), ("TemplateBody", "Resources:\n" + template));
        }

        Assert.True(await cloud.Clock.Settle(Patience));
    }
}
