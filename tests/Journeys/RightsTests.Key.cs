using System.Text.Json;
using System.Text.Json.Nodes;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Microsoft.Extensions.Logging;

namespace Disa.Journeys;

/// <summary>The statements of the key's policy: what each lets happen, and that it does not happen without it.</summary>
public sealed partial class RightsTests
{
    private const string User = "arn:aws:iam::000000000000:user/app";

    [Fact]
    public async Task Without_the_accounts_statement_an_administrator_has_no_say_over_the_key() =>
        await WithAndWithout(
            "AccountAdministersTheKeyThroughIam",
            "kms:*",
            (machine, key) => machine.Call("kms", "DescribeKey", new { KeyId = key }, User),
            "kms:DescribeKey"
        );

    [Fact]
    public async Task Without_the_services_statement_a_producer_who_may_put_items_can_put_none() =>
        await WithAndWithout(
            "DataOfTableTopicAndBucket",
            "dynamodb:PutItem",
            (machine, _) =>
                machine.Call(
                    "dynamodb",
                    "PutItem",
                    new { TableName = stack.Table, Item = new { sequenceNo = new { S = "k-1" }, message = new { S = "Encrypted." } } },
                    User
                ),
            "kms:Decrypt"
        );

    [Fact]
    public async Task Without_the_grants_statement_nobody_who_only_makes_tables_makes_one_under_the_key() =>
        await WithAndWithout(
            "GrantsOfTheTable",
            "dynamodb:CreateTable",
            (machine, key) =>
                machine.Call(
                    "dynamodb",
                    "CreateTable",
                    new
                    {
                        TableName = "another",
                        BillingMode = "PAY_PER_REQUEST",
                        AttributeDefinitions = new[] { new { AttributeName = "id", AttributeType = "S" } },
                        KeySchema = new[] { new { AttributeName = "id", KeyType = "HASH" } },
                        SSESpecification = new
                        {
                            Enabled = true,
                            SSEType = "KMS",
                            KMSMasterKeyId = key,
                        },
                    },
                    User
                ),
            "kms:CreateGrant"
        );

    [Fact]
    public async Task Without_the_alarms_statement_the_operators_topic_hears_of_none()
    {
        foreach (var without in (bool[])[false, true])
        {
            var asked = new Asked();
            await using var machine = await Copy(asked);
            if (without)
            {
                await Remove(machine, "AlarmsToTheOperatorsTopic");
            }

            await machine.Call(
                "cloudwatch",
                "SetAlarmState",
                new
                {
                    AlarmName = stack.AlarmName,
                    StateValue = "ALARM",
                    StateReason = "asked for",
                }
            );
            await machine.Settle();
            Assert.Equal(
                without,
                asked.Lines.Any(line => line.StartsWith("cloudwatch.amazonaws.com may not kms:", StringComparison.Ordinal))
            );
            Assert.Equal(!without, asked.Lines.Any(line => line.StartsWith("cloudwatch.amazonaws.com may kms:", StringComparison.Ordinal)));
        }
    }

    /// <summary>The call succeeds with the key's policy as it is, and is denied the action without the statement.</summary>
    private async Task WithAndWithout(string sid, string mayDo, Func<Machine, string, Task> call, string action)
    {
        var asked = new Asked();
        await using var machine = await Copy(asked);
        await machine.Call("iam", "CreateUser", new { UserName = "app" });
        await machine.Call(
            "iam",
            "PutUserPolicy",
            new
            {
                UserName = "app",
                PolicyName = "app",
                PolicyDocument = $$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"{{{mayDo}}}","Resource":"*"}}""",
            }
        );
        await call(machine, await KeyOf(machine));
        await Remove(machine, sid);
        await Assert.ThrowsAsync<AwsException>(async () => await call(machine, await KeyOf(machine)));
        Assert.Contains(asked.Lines, line => line.StartsWith($"{User} may not {action} on ", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<Machine> Copy(Asked asked)
    {
        var directory = stack.NewDirectory();
        Disk.Copy(stack.Working, directory);
        return await Machine.Start(
            directory,
            stack,
            loggers: LoggerFactory.Create(logging =>
                logging.SetMinimumLevel(LogLevel.Debug).AddFilter((category, _) => category == "Disa.Iam").AddProvider(asked)
            )
        );
    }

    private static async Task<string> KeyOf(Machine machine)
    {
        var aliases = await machine.Call("kms", "ListAliases", new { });
        return "arn:aws:kms:us-east-1:000000000000:key/"
            + aliases
                .GetProperty("Aliases")
                .EnumerateArray()
                .Single(alias => alias.GetProperty("AliasName").GetString() == "alias/disa")
                .GetProperty("TargetKeyId")
                .GetString();
    }

    private static async Task Remove(Machine machine, string sid)
    {
        var key = await KeyOf(machine);
        var policy = JsonNode.Parse(
            (await machine.Call("kms", "GetKeyPolicy", new { KeyId = key, PolicyName = "default" })).GetProperty("Policy").GetString()!
        )!;
        var statements = policy["Statement"]!.AsArray();
        Assert.True(statements.Remove(statements.Single(statement => (string)statement!["Sid"]! == sid)));
        await machine.Call(
            "kms",
            "PutKeyPolicy",
            new
            {
                KeyId = key,
                Policy = policy.ToJsonString(),
                BypassPolicyLockoutSafetyCheck = true,
            }
        );
    }
}
