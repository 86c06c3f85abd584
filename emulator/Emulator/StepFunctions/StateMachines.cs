using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Asl;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

/// <summary>The state machines, their revisions, and what a definition must be.</summary>
internal sealed partial class StateMachines(Database database, ServiceDirectory services)
{
    /// <summary>1 MB: the largest definition.</summary>
    private const int DefinitionLimit = 1_048_576;

    private const int TagLimit = 50;

    public static readonly Migration Revisions = new(
        "stepfunctions",
        1,
        """
        CREATE TABLE stepfunctions_revision (
            machine TEXT NOT NULL, revision TEXT NOT NULL, account TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (machine, revision)
        ) WITHOUT ROWID
        """
    );

    private readonly Shelf<StateMachineDocument> shelf = new(
        database,
        "stepfunctions.machine",
        StepFunctionsDocuments.Default.StateMachineDocument
    );
    private readonly ConcurrentDictionary<(string Machine, string Revision), StateMachine> parsed = new();

    /// <summary>The number of a version, the name of an alias; null of the machine itself.</summary>
    public static string? QualifierOf(string? arn) =>
        Parse(arn).Resource["stateMachine:".Length..].Split(':', 2) is [_, var qualifier] ? qualifier : null;

    public static string Qualified(string machine, string qualifier) => $"{machine}:{qualifier}";

    public static string ArnOf(Scope scope, string name) => Arn.Of("states", scope, $"stateMachine:{name}");

    /// <exception cref="AwsException">It does not exist, or the ARN is none.</exception>
    public StateMachineDocument Find(string? arn) => Get(arn) ?? throw StepFunctionsErrors.StateMachineDoesNotExist(arn!);

    public StateMachineDocument Find(Transaction transaction, string? arn) =>
        shelf.Get(transaction, ScopeOf(arn), NameOf(arn!)) ?? throw StepFunctionsErrors.StateMachineDoesNotExist(arn!);

    public StateMachineDocument? Get(string? arn) => shelf.Get(ScopeOf(arn), NameOf(arn!));

    public StateMachineDocument? Get(Transaction transaction, string arn) => shelf.Get(transaction, ScopeOf(arn), NameOf(arn));

    public IEnumerable<StateMachineDocument> List(Scope scope) => shelf.List(scope).Values;

    /// <summary>Keeps the machine, and its revision for executions to come.</summary>
    public void Put(Transaction transaction, StateMachineDocument machine)
    {
        shelf.Put(transaction, machine.Scope, machine.Name, machine);
        transaction.Execute(
            "INSERT INTO stepfunctions_revision VALUES ($1, $2, $3, seal('stepfunctions_revision', $4)) ON CONFLICT (machine, revision) DO UPDATE SET value = excluded.value",
            machine.Arn,
            machine.Revision,
            machine.Scope.Account,
            JsonSerializer.SerializeToUtf8Bytes(machine, StepFunctionsDocuments.Default.StateMachineDocument)
        );
    }

    public bool Remove(Transaction transaction, string arn)
    {
        transaction.Execute("DELETE FROM stepfunctions_revision WHERE machine = $1", arn);
        return shelf.Remove(transaction, ScopeOf(arn), NameOf(arn));
    }

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM stepfunctions_revision WHERE account = $1", account);

    /// <summary>The machine as it was when an execution began.</summary>
    /// <param name="execution">The execution's ARN, which says of a child execution whether it is EXPRESS.</param>
    public static StateMachineDocument Revision(Transaction transaction, string arn, string revision, string execution = "")
    {
        var parts = arn.Split('/', 2);
        var machine = transaction.First(
            "SELECT open('stepfunctions_revision', value) FROM stepfunctions_revision WHERE machine = $1 AND revision = $2",
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), StepFunctionsDocuments.Default.StateMachineDocument)!,
            parts[0],
            revision
        )!;
        return parts.Length == 1
            ? machine
            : machine.Child(
                parts[1],
                execution.Contains(":express:", StringComparison.Ordinal) ? StateMachineDocument.Express : StateMachineDocument.Standard
            );
    }

    /// <summary>The interpreted form: parsed once a revision.</summary>
    public StateMachine Parsed(StateMachineDocument machine) =>
        parsed.GetOrAdd(
            (machine.Arn, machine.Revision),
            static (key, document) =>
                document.Label is { } label
                    ? StateMachine.Parse(document.Definition).Child(key.Machine.Split('/')[0], label)!
                    : StateMachine.Parse(document.Definition),
            machine
        );

    /// <summary>The machine of a distributed Map's child executions.</summary>
    public StateMachineDocument Child(StateMachineDocument machine, string label)
    {
        var child = machine.Child(label, StateMachineDocument.Standard);
        return Parsed(child).IsExpress ? child with { Type = StateMachineDocument.Express } : child;
    }

    /// <exception cref="AwsException">InvalidDefinition with everything that is wrong, or a refusal of what is not done here.</exception>
    public void Check(string definition, string type)
    {
        if (definition.Length > DefinitionLimit)
        {
            throw StepFunctionsErrors.TooLong("…", "definition", DefinitionLimit);
        }

        var diagnostics = Diagnose(definition, type);
        if (diagnostics.FirstOrDefault(d => d.Code == Diagnostic.Unsupported) is { } refused)
        {
            throw AwsException.NotImplemented($"{refused.Message} (at {refused.Location})");
        }

        if (diagnostics.Count > 0)
        {
            throw StepFunctionsErrors.InvalidDefinition(string.Join(", ", diagnostics));
        }
    }

    /// <summary>What is wrong with the definition itself, and with what it calls.</summary>
    public IReadOnlyList<Diagnostic> Diagnose(string definition, string type)
    {
        if (StateMachine.TryParse(definition, out var diagnostics) is not { } machine)
        {
            return diagnostics;
        }

        var wrong = new List<Diagnostic>();
        foreach (var (state, isExpress) in machine.StatesOf(type == StateMachineDocument.Express))
        {
            if (state is TaskState task)
            {
                Integrations.Integration.Check(task, isExpress, services, wrong);
            }
            else if (state is DistributedMapState map && isExpress)
            {
                wrong.Add(
                    new Diagnostic(
                        "SCHEMA_VALIDATION_FAILED",
                        "Express state machine does not support Distributed Map states",
                        map.Location
                    )
                );
            }
        }

        return wrong;
    }

    /// <exception cref="AwsException">InvalidName.</exception>
    public static string CheckName(string? name) =>
        name is null ? throw StepFunctionsErrors.Missing("name")
        : name.Length > 80 ? throw StepFunctionsErrors.TooLong(name, "name", 80)
        : name.Length == 0 || ForbiddenInNames().IsMatch(name) ? throw StepFunctionsErrors.InvalidName(name)
        : name;

    public static string CheckRole(string? role) =>
        role is null ? throw StepFunctionsErrors.Missing("roleArn")
        : Arn.TryParse(role) is { Service: "iam" } arn && arn.Resource.StartsWith("role/", StringComparison.Ordinal) ? role
        : throw StepFunctionsErrors.InvalidRoleArn(role);

    public static string CheckType(string? type) =>
        type switch
        {
            null => StateMachineDocument.Standard,
            StateMachineDocument.Standard or StateMachineDocument.Express => type,
            _ => throw StepFunctionsErrors.NotOneOf(type, "type", StateMachineDocument.Express, StateMachineDocument.Standard),
        };

    public static LoggingConfiguration CheckLogging(LoggingConfiguration? logging)
    {
        if (logging is null)
        {
            return LoggingConfiguration.Off;
        }

        var level = logging.Level ?? "OFF";
        if (level is not ("ALL" or "ERROR" or "FATAL" or "OFF"))
        {
            throw StepFunctionsErrors.NotOneOf(level, "loggingConfiguration.level", "ALL", "ERROR", "FATAL", "OFF");
        }

        if (level != "OFF" && logging.Destinations is not [{ CloudWatchLogsLogGroup.LogGroupArn: { } arn }])
        {
            throw StepFunctionsErrors.InvalidLoggingConfiguration("Must specify exactly one Log Destination.");
        }

        return logging with
        {
            Level = level,
            IncludeExecutionData = logging.IncludeExecutionData ?? false,
        };
    }

    public static TracingConfiguration CheckTracing(TracingConfiguration? tracing) => new() { Enabled = tracing?.Enabled ?? false };

    /// <summary>AWS's own key is the default; a customer managed one is not done.</summary>
    public static void CheckEncryption(EncryptionConfiguration? encryption)
    {
        if (encryption?.Type is "CUSTOMER_MANAGED_KMS_KEY")
        {
            throw AwsException.NotImplemented("a customer managed key for a state machine (EncryptionConfiguration)");
        }
    }

    /// <summary>The tags, each key once: the last of its values counts.</summary>
    public static IReadOnlyList<Tag> CheckTags(IReadOnlyList<Tag>? tags, string arn)
    {
        var byKey = new OrderedDictionary<string, Tag>(StringComparer.Ordinal);
        foreach (var (index, tag) in (tags ?? []).Index())
        {
            CheckLength(tag.Key, $"tags.{index + 1}.member.key", 128);
            CheckLength(tag.Value, $"tags.{index + 1}.member.value", 256);
            byKey[tag.Key ?? ""] = tag;
        }

        return byKey.Count > TagLimit ? throw StepFunctionsErrors.TooManyTags(arn) : [.. byKey.Values];
    }

    private static void CheckLength(string? text, string member, int most)
    {
        if (text?.Length > most)
        {
            throw StepFunctionsErrors.TooLong(text, member, most);
        }
    }

    public static Scope ScopeOf(string? arn) => Parse(arn).Scope;

    /// <summary>NAME, or NAME:QUALIFIER.</summary>
    public static string NameOf(string arn) => Parse(arn).Resource["stateMachine:".Length..];

    private static Arn Parse(string? text)
    {
        if (text is null)
        {
            throw StepFunctionsErrors.Missing("stateMachineArn");
        }

        if (Arn.TryParse(text) is not { Service: "states" } arn || !arn.Resource.StartsWith("stateMachine:", StringComparison.Ordinal))
        {
            throw StepFunctionsErrors.InvalidArn(text);
        }

        return arn;
    }

    [GeneratedRegex("""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\p{Cc}]""")]
    private static partial Regex ForbiddenInNames();
}
