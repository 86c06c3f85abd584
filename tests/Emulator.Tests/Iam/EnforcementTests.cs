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

/// <summary>Who may do what: users, groups, roles, boundaries, and policies of resources.</summary>
public sealed class EnforcementTests : WithUser
{
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
}
