using System.Text.Json;
using System.Xml.Linq;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Tests.Iam;

/// <summary>Requests of users and sessions are checked against all the policies that speak about them; the account itself may do everything in it.</summary>
public sealed class EnforcementTests : IAsyncLifetime
{
    private const string Account = "000000000000";
    private const string Table = "arn:aws:dynamodb:us-east-1:000000000000:table/items";

    private TestCloud cloud = null!;
    private AWSCredentials user = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await Iam("CreateUser", ("UserName", "me"));
        var key = XElement.Parse(await Iam("CreateAccessKey", ("UserName", "me")));
        user = new BasicAWSCredentials(Text(key, "AccessKeyId"), Text(key, "SecretAccessKey"));
        await CreateTable("items");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_user_may_what_its_policies_allow()
    {
        await Denied("dynamodb:GetItem", "because no identity-based policy allows the dynamodb:GetItem action", () => Get(user));

        await Allow("dynamodb:GetItem", Table);
        await Get(user);

        await Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "deny"), ("PolicyDocument", Policy("Deny", "dynamodb:*", "*")));
        await Denied("dynamodb:GetItem", "with an explicit deny in an identity-based policy", () => Get(user));
    }

    /// <summary>What is not there is not told to who may not look.</summary>
    [Fact]
    public async Task Rights_are_asked_for_before_existence()
    {
        using var client = Dynamo(user);
        var error = await Assert.ThrowsAnyAsync<AmazonDynamoDBException>(() =>
            client.GetItemAsync("there-is-none", new() { ["id"] = new() { S = "1" } })
        );
        Assert.Equal("AccessDeniedException", error.ErrorCode);
    }

    [Fact]
    public async Task Groups_and_managed_policies_allow_and_a_boundary_limits()
    {
        await Iam("CreateGroup", ("GroupName", "readers"));
        await Iam("AddUserToGroup", ("GroupName", "readers"), ("UserName", "me"));
        var arn = Text(
            XElement.Parse(await Iam("CreatePolicy", ("PolicyName", "read"), ("PolicyDocument", Policy("Allow", "dynamodb:GetItem", "*")))),
            "Arn"
        );
        await Iam("AttachGroupPolicy", ("GroupName", "readers"), ("PolicyArn", arn));
        await Get(user);

        var boundary = Text(
            XElement.Parse(await Iam("CreatePolicy", ("PolicyName", "most"), ("PolicyDocument", Policy("Allow", "sns:*", "*")))),
            "Arn"
        );
        await Iam("PutUserPermissionsBoundary", ("UserName", "me"), ("PermissionsBoundary", boundary));
        await Denied("dynamodb:GetItem", "because no permissions boundary allows the dynamodb:GetItem action", () => Get(user));
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html</summary>
    [Fact]
    public async Task A_role_wants_its_external_id_and_a_session_policy_limits_the_session()
    {
        await Iam(
            "CreateRole",
            ("RoleName", "work"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/me"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"xy"}}}}"""
            )
        );
        await Iam("PutRolePolicy", ("RoleName", "work"), ("PolicyName", "all"), ("PolicyDocument", Policy("Allow", "dynamodb:*", "*")));
        using var sts = new AmazonSecurityTokenServiceClient(
            user,
            new AmazonSecurityTokenServiceConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
        var refused = await Assert.ThrowsAnyAsync<AmazonServiceException>(() =>
            sts.AssumeRoleAsync(new() { RoleArn = "arn:aws:iam::000000000000:role/work", RoleSessionName = "session" })
        );
        Assert.Equal("AccessDenied", refused.ErrorCode);

        await Get(
            (
                await sts.AssumeRoleAsync(
                    new()
                    {
                        RoleArn = "arn:aws:iam::000000000000:role/work",
                        RoleSessionName = "session",
                        ExternalId = "xy",
                    }
                )
            ).Credentials
        );
        var limited = (
            await sts.AssumeRoleAsync(
                new()
                {
                    RoleArn = "arn:aws:iam::000000000000:role/work",
                    RoleSessionName = "session",
                    ExternalId = "xy",
                    Policy = Policy("Allow", "sns:*", "*"),
                }
            )
        ).Credentials;
        await Denied("dynamodb:GetItem", "because no session policy allows the dynamodb:GetItem action", () => Get(limited));
    }

    /// <summary>https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html</summary>
    [Fact]
    public async Task A_key_needs_its_own_policys_consent_and_a_grant_is_enough()
    {
        var key = (
            await cloud.Json(
                "kms",
                "TrentService.CreateKey",
                JsonSerializer.Serialize(
                    new
                    {
                        Policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":["kms:PutKeyPolicy","kms:CreateGrant","kms:DescribeKey"],"Resource":"*"}}""",
                    }
                )
            )
        )
            .GetProperty("KeyMetadata")
            .GetProperty("Arn")
            .GetString()!;
        await Allow("kms:*", "*");
        using var kms = new AmazonKeyManagementServiceClient(
            user,
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
        Task Encrypt() => kms.EncryptAsync(new() { KeyId = key, Plaintext = new MemoryStream([1]) });
        await Denied("kms:Encrypt", "because no resource-based policy allows the kms:Encrypt action", Encrypt);
        var root = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json("kms", "TrentService.Encrypt", $$"""{"KeyId":"{{key}}","Plaintext":"AQ=="}""")
        );
        Assert.Contains("because no resource-based policy allows the kms:Encrypt action", root.Body);

        await cloud.Json(
            "kms",
            "TrentService.CreateGrant",
            $$"""{"KeyId":"{{key}}","GranteePrincipal":"arn:aws:iam::000000000000:user/me","Operations":["Encrypt"]}"""
        );
        await Encrypt();
    }

    /// <summary>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html</summary>
    [Fact]
    public async Task The_items_of_a_table_with_a_key_of_ones_own_need_the_right_to_decrypt_through_DynamoDB()
    {
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("Arn").GetString()!;
        await CreateTable("secret", key);
        await Allow("dynamodb:GetItem", "*");
        await Denied("kms:Decrypt", "because no identity-based policy allows the kms:Decrypt action", () => Get(user, "secret"));

        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "key"),
            (
                "PolicyDocument",
                $$$$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{{{{{key}}}}}","Condition":{"StringEquals":{"kms:ViaService":"dynamodb.us-east-1.amazonaws.com","kms:CallerAccount":"000000000000","kms:EncryptionContext:aws:dynamodb:tableName":"secret"}}}}"""
            )
        );
        await Get(user, "secret");
    }

    /// <summary>A queue's policy is enough in its account, and for a service it is needed: https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html</summary>
    [Fact]
    public async Task A_queue_takes_messages_of_a_topic_that_its_policy_names()
    {
        var url = Text(XElement.Parse(await cloud.Query("sqs", "CreateQueue", ("QueueName", "q"))), "QueueUrl");
        var topic = Text(XElement.Parse(await cloud.Query("sns", "CreateTopic", ("Name", "topic"))), "TopicArn");
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:q")
        );

        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "lost"));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("lost", await cloud.Query("sqs", "ReceiveMessage", ("QueueUrl", url)));

        await cloud.Query(
            "sqs",
            "SetQueueAttributes",
            ("QueueUrl", url),
            ("Attribute.1.Name", "Policy"),
            (
                "Attribute.1.Value",
                $$$$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"{{{{{topic}}}}}"}}}}"""
            )
        );
        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "found"));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        Assert.Contains("found", await cloud.Query("sqs", "ReceiveMessage", ("QueueUrl", url)));
    }

    /// <summary>Even the account: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html</summary>
    [Fact]
    public async Task A_bucket_policy_denies_the_account_itself()
    {
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", "text");
        await cloud.Rest(
            HttpMethod.Put,
            "s3",
            "/bucket?policy",
            """{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}}"""
        );

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Get, "s3", "/bucket/key"));

        Assert.Equal(403, error.Status);
        Assert.Contains("with an explicit deny in a resource-based policy", error.Body);
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html</summary>
    [Fact]
    public async Task A_role_is_handed_to_a_service_by_who_may_pass_it()
    {
        await Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "states"), ("PolicyDocument", Policy("Allow", "states:*", "*")));
        var key = await user.GetCredentialsAsync();
        cloud.Secrets[key.AccessKey] = key.SecretKey;
        Task Create() =>
            cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                """{"name":"m","roleArn":"arn:aws:iam::000000000000:role/workflow","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}""",
                key.AccessKey
            );

        var error = await Assert.ThrowsAsync<TestAwsException>(Create);
        Assert.Contains("iam:PassRole on resource: arn:aws:iam::000000000000:role/workflow", error.Body);

        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "pass"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"states.amazonaws.com"}}}}"""
            )
        );
        await Create();
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html: the stack's resources are made with the caller's rights.</summary>
    [Fact]
    public async Task CloudFormation_may_what_its_caller_may()
    {
        var key = await user.GetCredentialsAsync();
        cloud.Secrets[key.AccessKey] = key.SecretKey;
        await Allow("cloudformation:*", "*");

        Assert.Contains("is not authorized to perform: sqs:CreateQueue", await Deploy("one"));

        await Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "queues"), ("PolicyDocument", Policy("Allow", "sqs:*", "*")));
        Assert.Contains("<StackStatus>CREATE_COMPLETE</StackStatus>", await Deploy("two"));

        async Task<string> Deploy(string stack)
        {
            var template = Uri.EscapeDataString("""{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}""");
            await cloud.Send(
                HttpMethod.Post,
                "cloudformation",
                "/",
                $"Action=CreateStack&StackName={stack}&OnFailure=DO_NOTHING&TemplateBody={template}",
                "application/x-www-form-urlencoded",
                key.AccessKey
            );
            Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
            return await cloud.Query("cloudformation", "DescribeStacks", ("StackName", stack))
                + await cloud.Query("cloudformation", "DescribeStackEvents", ("StackName", stack));
        }
    }

    /// <summary>The session's policy limits what CloudFormation does with it too: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session</summary>
    [Theory]
    [InlineData(
        "cloudformation:*",
        "is not authorized to perform: sqs:CreateQueue because no session policy allows the sqs:CreateQueue action"
    )]
    [InlineData("*", "CREATE_COMPLETE")]
    public async Task CloudFormation_may_not_more_than_its_callers_session(string actions, string outcome)
    {
        await Iam(
            "CreateRole",
            ("RoleName", "deployer"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}"""
            )
        );
        await Iam("PutRolePolicy", ("RoleName", "deployer"), ("PolicyName", "all"), ("PolicyDocument", Policy("Allow", "*", "*")));
        var session = new Disa.Emulator.Aws.Caller(
            Account,
            "us-east-1",
            Principal.Session("aws", Account, "deployer", "s"),
            "AROA:s",
            "",
            ""
        )
        {
            SessionPolicy = Policy("Allow", actions, "*"),
        };
        async Task<string> Call(string operation, object request) =>
            (
                await cloud.Cloud.Services.Call(
                    "cloudformation",
                    operation,
                    JsonSerializer.SerializeToElement(request),
                    session,
                    CancellationToken.None
                )
            ).GetRawText();
        await Call(
            "CreateStack",
            new
            {
                StackName = "limited",
                OnFailure = "DO_NOTHING",
                TemplateBody = """{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}""",
            }
        );
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        Assert.Contains(
            outcome,
            await Call("DescribeStacks", new { StackName = "limited" }) + await Call("DescribeStackEvents", new { StackName = "limited" }),
            StringComparison.Ordinal
        );
    }

    /// <summary>A path may hold what looks like another principal's ARN: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html</summary>
    [Theory]
    [InlineData("/:sts:x:assumed-role/Adm/")]
    [InlineData("/:user/admin/:iam:/")]
    [InlineData("/:root/")]
    public async Task A_path_gives_nobody_the_rights_of_another(string path)
    {
        await Iam(
            "CreateRole",
            ("RoleName", "Adm"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}"""
            )
        );
        await Iam("PutRolePolicy", ("RoleName", "Adm"), ("PolicyName", "all"), ("PolicyDocument", Policy("Allow", "*", "*")));
        await Iam("CreateUser", ("UserName", "admin"));
        await Iam("PutUserPolicy", ("UserName", "admin"), ("PolicyName", "all"), ("PolicyDocument", Policy("Allow", "*", "*")));
        await Iam("CreateUser", ("UserName", "root"), ("Path", path));
        var key = XElement.Parse(await Iam("CreateAccessKey", ("UserName", "root")));

        await Denied(
            "dynamodb:GetItem",
            "because no identity-based policy allows",
            () => Get(new BasicAWSCredentials(Text(key, "AccessKeyId"), Text(key, "SecretAccessKey")))
        );
    }

    /// <summary>Rights are asked for on the stream that is read, and nobody but the emulator makes an iterator.</summary>
    [Fact]
    public async Task A_shard_iterator_cannot_be_made_for_another_table()
    {
        await cloud.Query(
            "iam",
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "streams"),
            ("PolicyDocument", Policy("Allow", "dynamodb:*", "arn:aws:dynamodb:us-east-1:000000000000:table/mine*"))
        );
        var (mine, theirs) = (await Iterator("mine"), await Iterator("secret"));
        var key = (await user.GetCredentialsAsync()).AccessKey;
        cloud.Secrets[key] = (await user.GetCredentialsAsync()).SecretKey;
        Task<JsonElement> Read(string iterator) =>
            cloud.Json("dynamodb", "DynamoDBStreams_20120810.GetRecords", JsonSerializer.Serialize(new { ShardIterator = iterator }), key);
        string Prefix(string iterator) => iterator[..iterator.LastIndexOf('|')];
        string Token(string iterator) => iterator[(iterator.LastIndexOf('|') + 1)..];

        await Read(mine);
        var mixed = await Assert.ThrowsAsync<TestAwsException>(() => Read($"{Prefix(mine)}|{Token(theirs)}"));
        Assert.Contains("AccessDeniedException", mixed.Body);
        var bytes = Convert.FromBase64String(Token(mine));
        bytes[^1] ^= 1;
        var forged = await Assert.ThrowsAsync<TestAwsException>(() => Read($"{Prefix(mine)}|{Convert.ToBase64String(bytes)}"));
        Assert.Contains("ValidationException", forged.Body);
    }

    /// <summary>On AWS each handler calls its service with the caller's rights: what the direct call is refused, the stack is refused too.</summary>
    [Theory]
    [InlineData(
        "s3:PutBucketPolicy",
        """{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":"guarded","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::guarded/*"}]}}}"""
    )]
    [InlineData(
        "sqs:SetQueueAttributes",
        """{"Type":"AWS::SQS::QueuePolicy","Properties":{"Queues":["http://localhost/000000000000/guarded"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}]}}}"""
    )]
    [InlineData(
        "sns:SetTopicAttributes",
        """{"Type":"AWS::SNS::TopicPolicy","Properties":{"Topics":["arn:aws:sns:us-east-1:000000000000:guarded"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}}}"""
    )]
    [InlineData(
        "iam:PassRole",
        """{"Type":"AWS::Events::Rule","Properties":{"Name":"r","EventPattern":{"source":["x"]},"Targets":[{"Id":"1","Arn":"arn:aws:states:us-east-1:000000000000:stateMachine:m","RoleArn":"arn:aws:iam::000000000000:role/powerful"}]}}"""
    )]
    [InlineData(
        "dynamodb:CreateTable",
        """{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":"guarded","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}}"""
    )]
    [InlineData(
        "iam:PutRolePolicy",
        """{"Type":"AWS::IAM::Policy","Properties":{"PolicyName":"p","Roles":["powerful"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}}"""
    )]
    public async Task A_stack_does_not_what_its_caller_is_refused(string action, string resource)
    {
        await Iam(
            "CreateRole",
            ("RoleName", "powerful"),
            ("Path", "/admins/"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}}"""
            )
        );
        var deny =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/me"},"Action":"ACTION","Resource":"ARN"},{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"ACTION","Resource":"ARN"}]}""";
        string Guard(string all, string arn) =>
            deny.Replace("ACTION", all, StringComparison.Ordinal).Replace("ARN", arn, StringComparison.Ordinal);
        await cloud.Rest(HttpMethod.Put, "s3", "/guarded");
        await cloud.Rest(HttpMethod.Put, "s3", "/guarded?policy", Guard("s3:*", "arn:aws:s3:::guarded"));
        await cloud.Query(
            "sqs",
            "CreateQueue",
            ("QueueName", "guarded"),
            ("Attribute.1.Name", "Policy"),
            ("Attribute.1.Value", Guard("sqs:*", "arn:aws:sqs:us-east-1:000000000000:guarded"))
        );
        await cloud.Query("sns", "CreateTopic", ("Name", "guarded"));
        await cloud.Query(
            "sns",
            "SetTopicAttributes",
            ("TopicArn", "arn:aws:sns:us-east-1:000000000000:guarded"),
            ("AttributeName", "Policy"),
            ("AttributeValue", Guard("sns:SetTopicAttributes", "arn:aws:sns:us-east-1:000000000000:guarded"))
        );
        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "allow"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":["dynamodb:*"],"Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/guarded"},{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::000000000000:role/admins/*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}]}"""
            )
        );
        var me = new Caller(Account, "us-east-1", Principal.User(Account, "me", $"arn:aws:iam::{Account}:user/me"), "AIDA", "", "");
        async Task<string> Call(string operation, object request) =>
            (
                await cloud.Cloud.Services.Call(
                    "cloudformation",
                    operation,
                    JsonSerializer.SerializeToElement(request),
                    me,
                    CancellationToken.None
                )
            ).GetRawText();

        await Call(
            "CreateStack",
            new
            {
                StackName = "deputy",
                OnFailure = "DO_NOTHING",
                Capabilities = (string[])["CAPABILITY_NAMED_IAM"],
                TemplateBody = $$$"""{"Resources":{"R":{{{resource}}}}}""",
            }
        );
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));

        Assert.Contains(
            $"is not authorized to perform: {action}",
            await Call("DescribeStackEvents", new { StackName = "deputy" }),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("arn:aws:logs:us-east-1:000000000000:x")]
    [InlineData("arn:aws:logs:us-east-1:000000000000:log-group:none:*")]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:queue")]
    public async Task An_ARN_of_something_else_is_refused_and_not_a_fault_of_the_emulator(string identifier)
    {
        var key = await user.GetCredentialsAsync();
        cloud.Secrets[key.AccessKey] = key.SecretKey;
        foreach (var operation in (string[])["DescribeLogStreams", "FilterLogEvents"])
        {
            var error = await Assert.ThrowsAsync<TestAwsException>(() =>
                cloud.Json(
                    "logs",
                    "Logs_20140328." + operation,
                    JsonSerializer.Serialize(new { logGroupIdentifier = identifier }),
                    key.AccessKey
                )
            );
            Assert.Contains("AccessDeniedException", error.Body);
        }
    }

    /// <summary>An operation that nobody described needs its own name, everywhere.</summary>
    [Fact]
    public void Every_operation_says_what_it_needs()
    {
        var caller = new Disa.Emulator.Aws.Caller(
            Account,
            "us-east-1",
            Principal.User(Account, "me", "arn:aws:iam::000000000000:user/me"),
            "",
            "",
            ""
        );
        var silent =
            from service in cloud.Cloud.Services.Services
            from operation in service.Operations.Values
            where
                service.Rights(
                    operation.Name,
                    System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(operation.Request.Type),
                    caller
                )
                    is null
            select $"{service.SigningName}:{operation.Name}";

        Assert.Empty(silent);
    }

    private Task<string> Iam(string action, params (string, string)[] parameters) => cloud.Query("iam", action, parameters);

    private Task<string> Allow(string action, string resource) =>
        Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "allow"), ("PolicyDocument", Policy("Allow", action, resource)));

    private async Task<string> Iterator(string table)
    {
        using var client = Dynamo(new BasicAWSCredentials(Account, "secret"));
        var stream = (
            await client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = table,
                    KeySchema = [new("id", KeyType.HASH)],
                    AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_IMAGE },
                }
            )
        ).TableDescription.LatestStreamArn;
        await client.DescribeTableAsync(table);
        await client.PutItemAsync(table, new() { ["id"] = new() { S = "1" } });
        var described = await cloud.Json(
            "dynamodb",
            "DynamoDBStreams_20120810.DescribeStream",
            JsonSerializer.Serialize(new { StreamArn = stream })
        );
        var shard = described.GetProperty("StreamDescription").GetProperty("Shards")[0].GetProperty("ShardId").GetString();
        var iterator = await cloud.Json(
            "dynamodb",
            "DynamoDBStreams_20120810.GetShardIterator",
            JsonSerializer.Serialize(
                new
                {
                    StreamArn = stream,
                    ShardId = shard,
                    ShardIteratorType = "TRIM_HORIZON",
                }
            )
        );
        return iterator.GetProperty("ShardIterator").GetString()!;
    }

    private AmazonDynamoDBClient Dynamo(AWSCredentials credentials) =>
        new(
            credentials,
            new AmazonDynamoDBConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

    private async Task Get(AWSCredentials credentials, string table = "items")
    {
        using var client = Dynamo(credentials);
        await client.GetItemAsync(table, new Dictionary<string, AttributeValue> { ["id"] = new() { S = "1" } });
    }

    private async Task CreateTable(string name, string? key = null)
    {
        using var client = Dynamo(new BasicAWSCredentials(Account, "secret"));
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                KeySchema = [new("id", KeyType.HASH)],
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                SSESpecification = key is null
                    ? null
                    : new()
                    {
                        Enabled = true,
                        SSEType = SSEType.KMS,
                        KMSMasterKeyId = key,
                    },
            }
        );
        await client.DescribeTableAsync(name);
    }

    private static async Task Denied(string action, string reason, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<AmazonServiceException>(call);
        Assert.Contains($"is not authorized to perform: {action} on resource: arn:aws:", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.Equal("AccessDeniedException", error.ErrorCode);
    }

    private static string Policy(string effect, string action, string resource) =>
        $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{{effect}}}","Action":"{{{action}}}","Resource":"{{{resource}}}"}]}""";

    private static string Text(XElement answer, string name) => answer.Descendants().First(element => element.Name.LocalName == name).Value;

    /// <summary>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html</summary>
    [Fact]
    public async Task Leading_keys_limit_a_user_to_its_own_items()
    {
        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "own"),
            (
                "PolicyDocument",
                $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"{{{Table}}}","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["1"]} }}]}"""
            )
        );
        using var client = Dynamo(user);
        Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new() { S = id } };
        QueryRequest Query(string id) =>
            new("items")
            {
                KeyConditionExpression = "id = :id",
                ExpressionAttributeValues = new() { [":id"] = new() { S = id } },
            };

        await client.PutItemAsync("items", Key("1"));
        await client.GetItemAsync("items", Key("1"));
        await client.QueryAsync(Query("1"));

        await Denied("dynamodb:PutItem", "because", () => client.PutItemAsync("items", Key("2")));
        await Denied("dynamodb:Query", "because", () => client.QueryAsync(Query("2")));
        await Denied(
            "dynamodb:BatchGetItem",
            "because",
            () => client.BatchGetItemAsync(new Dictionary<string, KeysAndAttributes> { ["items"] = new() { Keys = [Key("1"), Key("2")] } })
        );
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag</summary>
    [Theory]
    [InlineData("aws:ResourceTag/team", "a", true)]
    [InlineData("aws:ResourceTag/team", "b", false)]
    [InlineData("aws:ResourceTag/none", "a", false)]
    public async Task Tags_of_a_table_decide(string key, string value, bool isAllowed)
    {
        using (var root = Dynamo(new BasicAWSCredentials(Account, "secret")))
        {
            await root.TagResourceAsync(new TagResourceRequest { ResourceArn = Table, Tags = [new() { Key = "team", Value = "a" }] });
        }

        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "tagged"),
            (
                "PolicyDocument",
                $$$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"StringEquals":{"{{{{key}}}}":"{{{{value}}}}"} }}]}"""
            )
        );

        if (isAllowed)
        {
            await Get(user);
        }
        else
        {
            await Denied("dynamodb:GetItem", "because no identity-based policy allows the dynamodb:GetItem action", () => Get(user));
        }
    }

    [Fact]
    public async Task Tags_of_a_request_decide_what_may_be_created()
    {
        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "tagged"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:CreateTable","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"a"}}}]}"""
            )
        );
        using var client = Dynamo(user);
        CreateTableRequest Create(string team) =>
            new()
            {
                TableName = "tagged",
                KeySchema = [new("id", KeyType.HASH)],
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                Tags = [new() { Key = "team", Value = team }],
            };

        await Denied("dynamodb:CreateTable", "because", () => client.CreateTableAsync(Create("b")));
        await client.CreateTableAsync(Create("a"));
    }

    [Fact]
    public async Task A_denial_names_the_condition_key_that_the_emulator_does_not_know()
    {
        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "asks"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"StringEquals":{"dynamodb:Attributes":"a"}}}]}"""
            )
        );

        await Denied("dynamodb:GetItem", "The Disa emulator does not supply the condition key dynamodb:Attributes here", () => Get(user));
    }
}
