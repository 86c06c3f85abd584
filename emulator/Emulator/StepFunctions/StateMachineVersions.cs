using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

/// <summary>A revision with a number, which never changes.</summary>
internal sealed record VersionDocument
{
    /// <summary>The state machine's ARN and the number.</summary>
    public required string Arn { get; init; }

    public required string Machine { get; init; }

    public required int Number { get; init; }

    public required string Revision { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>CloudFormation's token of the step that published it: the same step again finds its own.</summary>
    public string? Token { get; init; }
}

/// <summary>A name for one version, or for two between which executions are divided.</summary>
internal sealed record AliasDocument
{
    /// <summary>The state machine's ARN and the name.</summary>
    public required string Arn { get; init; }

    public required string Machine { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<Route> Routes { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>CloudFormation's token of the step that created it: the same step again finds its own.</summary>
    public string? Token { get; init; }
}

internal sealed record Route
{
    public string? StateMachineVersionArn { get; init; }

    public int? Weight { get; init; }
}

/// <summary>What an ARN stands for: a state machine as it is, or as it was when a version was published, which an alias may have chosen.</summary>
internal sealed record Target(StateMachineDocument Machine, VersionDocument? Version = null, AliasDocument? Alias = null);

/// <summary>The versions and aliases of state machines.</summary>
internal sealed class StateMachineVersions(Database database, StateMachines machines)
{
    /// <summary>Quotas of the developer guide, "Quotas related to versions and aliases".</summary>
    private const int MostVersions = 1000;

    private const int MostAliases = 100;

    private readonly Shelf<VersionDocument> versions = new(
        database,
        "stepfunctions.version",
        StepFunctionsDocuments.Default.VersionDocument
    );
    private readonly Shelf<AliasDocument> aliases = new(database, "stepfunctions.alias", StepFunctionsDocuments.Default.AliasDocument);

    /// <exception cref="AwsException">StateMachineDoesNotExist, InvalidArn.</exception>
    public Target Find(string? arn) =>
        StateMachines.QualifierOf(arn) is null
            ? new Target(machines.Find(arn))
            : database.Read(transaction =>
                Resolve(transaction, Version(arn), Alias(arn)) ?? throw StepFunctionsErrors.StateMachineDoesNotExist(arn!)
            );

    public Target Find(Transaction transaction, string? arn) =>
        StateMachines.QualifierOf(arn) is null
            ? new Target(machines.Find(transaction, arn))
            : Resolve(transaction, Version(transaction, arn), Alias(transaction, arn))
                ?? throw StepFunctionsErrors.StateMachineDoesNotExist(arn!);

    public VersionDocument? Version(string? arn) => versions.Get(StateMachines.ScopeOf(arn), Key(arn!));

    public VersionDocument? Version(Transaction transaction, string? arn) =>
        versions.Get(transaction, StateMachines.ScopeOf(arn), Key(arn!));

    public AliasDocument? Alias(string? arn) => aliases.Get(StateMachines.ScopeOf(arn), Key(arn!));

    public AliasDocument? Alias(Transaction transaction, string? arn) => aliases.Get(transaction, StateMachines.ScopeOf(arn), Key(arn!));

    /// <summary>Newest first.</summary>
    public IEnumerable<VersionDocument> Versions(StateMachineDocument machine) =>
        versions.List(machine.Scope).Values.Where(version => version.Machine == machine.Arn).OrderByDescending(version => version.Number);

    /// <summary>The version with the highest number; null where the machine has none.</summary>
    public VersionDocument? Newest(Transaction transaction, StateMachineDocument machine) =>
        versions.List(transaction, machine.Scope).Values.Where(version => version.Machine == machine.Arn).MaxBy(version => version.Number);

    /// <summary>Oldest first.</summary>
    public IEnumerable<AliasDocument> Aliases(StateMachineDocument machine) => Ordered(aliases.List(machine.Scope).Values, machine.Arn);

    public IEnumerable<AliasDocument> Aliases(Transaction transaction, string machine) =>
        Ordered(aliases.List(transaction, StateMachines.ScopeOf(machine)).Values, machine);

    /// <summary>The version of the machine's revision: the one that is there, or a new one.</summary>
    /// <param name="token">Of the stack step that publishes.</param>
    public VersionDocument Publish(
        Transaction transaction,
        StateMachineDocument machine,
        string? description,
        DateTimeOffset now,
        string? token = null
    )
    {
        var existing = versions.List(transaction, machine.Scope).Values.Where(version => version.Machine == machine.Arn).ToList();
        if (existing.Find(version => version.Revision == machine.Revision) is { } same)
        {
            return same;
        }

        if (existing.Count >= MostVersions)
        {
            throw StepFunctionsErrors.QuotaExceeded($"The state machine has {MostVersions} versions, the most that it can have.");
        }

        // Numbers are not used again (recorded on AWS).
        var number = machine.LastVersion + 1;
        machines.Put(transaction, machine with { LastVersion = number });
        var version = new VersionDocument
        {
            Arn = StateMachines.Qualified(machine.Arn, number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Machine = machine.Arn,
            Number = number,
            Revision = machine.Revision,
            Description = description,
            Created = now,
            Token = token,
        };
        versions.Put(transaction, machine.Scope, Key(version.Arn), version);
        return version;
    }

    public void Put(Transaction transaction, AliasDocument alias)
    {
        var scope = StateMachines.ScopeOf(alias.Arn);
        if (aliases.Get(transaction, scope, Key(alias.Arn)) is null && Aliases(transaction, alias.Machine).Count() >= MostAliases)
        {
            throw StepFunctionsErrors.QuotaExceeded($"The state machine has {MostAliases} aliases, the most that it can have.");
        }

        aliases.Put(transaction, scope, Key(alias.Arn), alias);
    }

    public void Remove(Transaction transaction, VersionDocument version) =>
        versions.Remove(transaction, StateMachines.ScopeOf(version.Arn), Key(version.Arn));

    public void Remove(Transaction transaction, AliasDocument alias) =>
        aliases.Remove(transaction, StateMachines.ScopeOf(alias.Arn), Key(alias.Arn));

    /// <summary>All of a machine, which goes.</summary>
    public void RemoveAll(Transaction transaction, StateMachineDocument machine)
    {
        foreach (var alias in Aliases(transaction, machine.Arn).ToList())
        {
            Remove(transaction, alias);
        }

        foreach (var version in versions.List(transaction, machine.Scope).Values.Where(version => version.Machine == machine.Arn).ToList())
        {
            Remove(transaction, version);
        }
    }

    private Target? Resolve(Transaction transaction, VersionDocument? version, AliasDocument? alias)
    {
        var chosen = version ?? (alias is null ? null : Version(transaction, Choose(alias)));
        return chosen is null ? null : new(StateMachines.Revision(transaction, chosen.Machine, chosen.Revision), chosen, alias);
    }

    /// <summary>By weight; the weights are 100 together.</summary>
    private static string Choose(AliasDocument alias)
    {
        var number = Random.Shared.Next(100);
        return (number < alias.Routes[0].Weight ? alias.Routes[0] : alias.Routes[^1]).StateMachineVersionArn!;
    }

    private static IEnumerable<AliasDocument> Ordered(IEnumerable<AliasDocument> all, string machine) =>
        all.Where(alias => alias.Machine == machine).OrderBy(alias => alias.Created).ThenBy(alias => alias.Name, StringComparer.Ordinal);

    /// <summary>NAME:QUALIFIER.</summary>
    private static string Key(string arn) => StateMachines.NameOf(arn);
}
