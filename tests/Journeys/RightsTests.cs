using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Disa.Journeys;

/// <summary>The rights of the stack's roles: none is missing (the journeys pass with IAM in force), and none is spare, which is shown here.</summary>
public sealed partial class RightsTests(Stack stack, ITestOutputHelper output) : IClassFixture<Stack>
{
    [Theory]
    [InlineData("Init")]
    [InlineData("Process")]
    [InlineData("Retry")]
    [InlineData("Workflow")]
    [InlineData("Schedule")]
    public async Task Without_any_one_of_its_statements_a_role_is_denied_what_the_journey_needs(string role)
    {
        var (name, policies) = await Policies(role);
        foreach (var (policy, document) in policies)
        {
            var statements = document["Statement"]!.AsArray().Select(statement => statement!.AsObject()).ToList();
            foreach (var statement in Sample.Of(statements, 3, output.WriteLine))
            {
                var without = JsonNode.Parse(document.ToJsonString())!.AsObject();
                without["Statement"] = new JsonArray([
                    .. document["Statement"]!
                        .AsArray()
                        .Where(other => (string)other!["Sid"]! != (string)statement["Sid"]!)
                        .Select(other => other!.DeepClone()),
                ]);
                await Misses(name, policy, without, Actions(statement), (string)statement["Sid"]!);
            }
        }
    }

    /// <summary>Each single action is asked for by its role.</summary>
    [Fact]
    public async Task The_journey_asks_for_every_action_of_every_role()
    {
        var asked = new Asked();
        await Run(machine => Task.CompletedTask, asked, until: () => false);
        await Run(machine => Task.CompletedTask, asked, until: () => false, GiveUp);
        var spare = new List<string>();
        foreach (var role in (string[])["Init", "Process", "Retry", "Workflow", "Schedule"])
        {
            var (name, policies) = await Policies(role);
            spare.AddRange(
                from policy in policies
                from statement in policy.Document["Statement"]!.AsArray()
                from action in Actions(statement!.AsObject())
                where
                    !asked.Lines.Any(line =>
                        line.Contains($":assumed-role/{name}/", StringComparison.Ordinal)
                        && line.Contains($" may {action} on ", StringComparison.OrdinalIgnoreCase)
                    )
                select $"{role}: {action}"
            );
        }

        Assert.Empty(spare);
    }

    /// <summary>The roles' own rights to the key are for a key whose policy leaves it to IAM; where the key's policy lets the services in, it is enough.</summary>
    private static async Task LeaveTheKeyToIam(Machine machine)
    {
        var keys = await machine.Call("kms", "ListAliases", new { });
        var key = keys.GetProperty("Aliases")
            .EnumerateArray()
            .Single(alias => alias.GetProperty("AliasName").GetString() == "alias/disa")
            .GetProperty("TargetKeyId")
            .GetString();
        await machine.Call(
            "kms",
            "PutKeyPolicy",
            new
            {
                KeyId = key,
                Policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}}""",
            }
        );
    }

    private async Task Misses(string role, string policy, JsonObject without, IReadOnlyList<string> actions, string sid)
    {
        var asked = new Asked();
        bool Denied() =>
            asked.Lines.Any(line =>
                line.Contains($":assumed-role/{role}/", StringComparison.Ordinal)
                && actions.Any(action => line.Contains($" may not {action} on ", StringComparison.OrdinalIgnoreCase))
            );
        await Run(
            async machine =>
            {
                if (actions.Any(action => action.StartsWith("kms:", StringComparison.Ordinal)))
                {
                    await LeaveTheKeyToIam(machine);
                }

                if (without["Statement"]!.AsArray().Count == 0)
                {
                    await machine.Call("iam", "DeleteRolePolicy", new { RoleName = role, PolicyName = policy });
                }
                else
                {
                    await machine.Call(
                        "iam",
                        "PutRolePolicy",
                        new
                        {
                            RoleName = role,
                            PolicyName = policy,
                            PolicyDocument = without.ToJsonString(),
                        }
                    );
                }
            },
            asked,
            Denied,
            sid is "GiveUp" or "TakeUp" ? GiveUp : Everyday
        );

        Assert.True(Denied(), $"{role} is denied nothing without {sid}.");
    }

    /// <summary>Messages sent, one that its function cannot take, five minutes with a sweep and a probe, an hour with an audit: until what is looked for was seen.</summary>
    private async Task Run(Func<Machine, Task> prepare, Asked asked, Func<bool> until, Func<Machine, Func<bool>, Task>? what = null)
    {
        var directory = stack.NewDirectory();
        Disk.Copy(stack.Working, directory);
        using var loggers = LoggerFactory.Create(logging =>
            logging.SetMinimumLevel(LogLevel.Debug).AddFilter((category, _) => category == "Disa.Iam").AddProvider(asked)
        );
        await using var machine = await Machine.Start(directory, stack, loggers: loggers);
        await prepare(machine);
        await (what ?? Everyday)(machine, until);
    }

    /// <summary>What cannot be handed over or called is given up to the queue: a batch without its workflow, a schedule without its function.</summary>
    private static async Task GiveUp(Machine machine, Func<bool> until)
    {
        var mapping = (await machine.Call("lambda", "ListEventSourceMappings", new { }))
            .GetProperty("EventSourceMappings")
            .EnumerateArray()
            .Single(one => one.GetProperty("EventSourceArn").GetString()!.Contains(":dynamodb:", StringComparison.Ordinal));
        await machine.Call(
            "lambda",
            "UpdateEventSourceMapping",
            new
            {
                UUID = mapping.GetProperty("UUID").GetString(),
                MaximumRetryAttempts = 0,
                BisectBatchOnFunctionError = false,
            }
        );
        var init = mapping.GetProperty("FunctionArn").GetString()!.Split(':')[^1];
        var settings = (await machine.Call("lambda", "GetFunctionConfiguration", new { FunctionName = init }))
            .GetProperty("Environment")
            .GetProperty("Variables")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value.GetString());
        settings["STATE_MACHINE_ARN"] += "-gone";
        await machine.Call(
            "lambda",
            "UpdateFunctionConfiguration",
            new { FunctionName = init, Environment = new { Variables = settings } }
        );
        await machine.Settle();
        await machine.Put("g-1", "Never handed over.");
        await machine.Settle();
        if (until())
        {
            return;
        }

        await machine.Call(
            "lambda",
            "DeleteFunction",
            new { FunctionName = init.Replace("-init-process", "-retry", StringComparison.Ordinal) }
        );
        await machine.Advance(TimeSpan.FromMinutes(10));
    }

    private async Task Everyday(Machine machine, Func<bool> until)
    {
        // An operator changes the workflow: Step Functions asks again whether its role may deliver logs.
        var workflow = await machine.Call("sfn", "DescribeStateMachine", new { stateMachineArn = stack.StateMachineArn });
        try
        {
            await machine.Call(
                "sfn",
                "UpdateStateMachine",
                new { stateMachineArn = stack.StateMachineArn, loggingConfiguration = workflow.GetProperty("loggingConfiguration") }
            );
        }
        catch (Disa.Emulator.Aws.AwsException) when (until())
        {
            return;
        }

        await machine.Put("r-1", "With rights.");
        await machine.Settle();
        if (until())
        {
            return;
        }

        // Two in one batch, and one that only an audit takes up.
        object Item(string id) =>
            new { Put = new { TableName = stack.Table, Item = new { sequenceNo = new { S = id }, message = new { S = "Together." } } } };
        await machine.Call("dynamodb", "TransactWriteItems", new { TransactItems = new[] { Item("r-3"), Item("r-4") } });
        await machine.Call(
            "dynamodb",
            "PutItem",
            new
            {
                TableName = stack.Table,
                Item = new
                {
                    sequenceNo = new { S = "r-5" },
                    message = new { S = "Lost." },
                    sendStatus = new { S = "Failure" },
                },
            }
        );
        await machine.Settle();
        if (until())
        {
            return;
        }

        // Its topic is gone: the process function asks whether it has another one by now.
        var topic = await machine.PointAt("arn:aws:sns:us-east-1:000000000000:disa-Topic-gone");
        await machine.Put("r-6", "To no topic.");
        await machine.Settle();
        await machine.PointAt(topic);
        if (until())
        {
            return;
        }

        await machine.Call(
            "lambda",
            "PutFunctionConcurrency",
            new { FunctionName = stack.ProcessFunction, ReservedConcurrentExecutions = 0 }
        );
        await machine.Put("r-2", "Its function is never called.");

        // While the breaker is open, a probe is reported, whatever becomes of it.
        var alarm = (await machine.Call("cloudwatch", "DescribeAlarms", new { }))
            .GetProperty("MetricAlarms")
            .EnumerateArray()
            .Single(one => one.GetProperty("AlarmName").GetString()!.Contains("-FailedAlarm-", StringComparison.Ordinal))
            .GetProperty("AlarmName")
            .GetString();
        await machine.Call(
            "cloudwatch",
            "SetAlarmState",
            new
            {
                AlarmName = alarm,
                StateValue = "ALARM",
                StateReason = "For a probe.",
            }
        );
        foreach (var minutes in (int[])[2, 4, 60])
        {
            await machine.Advance(TimeSpan.FromMinutes(minutes));
            if (until())
            {
                return;
            }
        }
    }

    private async Task<(string Name, List<(string Policy, JsonObject Document)> Policies)> Policies(string role)
    {
        var directory = stack.NewDirectory();
        Disk.Copy(stack.Working, directory);
        await using var machine = await Machine.Start(directory, stack);
        var roles = (await machine.Call("iam", "ListRoles", new { }))
            .GetProperty("Roles")
            .EnumerateArray()
            .Select(one => one.GetProperty("RoleName").GetString()!);
        var name = roles.Single(one => one.Contains($"-{role}Role-", StringComparison.Ordinal));
        var names = (await machine.Call("iam", "ListRolePolicies", new { RoleName = name }))
            .GetProperty("PolicyNames")
            .EnumerateArray()
            .Select(policy => policy.GetString()!)
            .ToList();
        var policies = new List<(string, JsonObject)>();
        foreach (var policy in names)
        {
            var document = (await machine.Call("iam", "GetRolePolicy", new { RoleName = name, PolicyName = policy }))
                .GetProperty("PolicyDocument")
                .GetString()!;
            policies.Add((policy, JsonNode.Parse(Uri.UnescapeDataString(document))!.AsObject()));
        }

        return (name, policies);
    }

    private static List<string> Actions(JsonObject statement) =>
        statement["Action"] is JsonArray many ? [.. many.Select(action => (string)action!)] : [(string)statement["Action"]!];

    /// <summary>Every right that was asked for, as IAM's log has it.</summary>
    private sealed class Asked : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue(formatter(state, exception));

        public void Dispose() { }
    }
}
