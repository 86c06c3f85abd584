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

/// <summary>Condition keys that decide: leading keys, tags, and what the emulator does not know.</summary>
public sealed class ConditionTests : WithUser
{
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
