using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

/// <summary>An activity: a name under which workers ask for tasks.</summary>
internal sealed record ActivityDocument
{
    public required string Arn { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary>The activities, and the tasks of theirs that no worker has taken.</summary>
internal sealed class Activities(Database database)
{
    private const string Prefix = "activity:";

    public static readonly Migration Tasks = new(
        "stepfunctions",
        3,
        """
        CREATE TABLE stepfunctions_activity_task (
            id INTEGER PRIMARY KEY AUTOINCREMENT, activity TEXT NOT NULL, token TEXT NOT NULL UNIQUE, account TEXT NOT NULL
        );
        CREATE INDEX stepfunctions_activity_task_activity ON stepfunctions_activity_task (activity, id)
        """
    );

    private readonly Shelf<ActivityDocument> shelf = new(
        database,
        "stepfunctions.activity",
        StepFunctionsDocuments.Default.ActivityDocument
    );

    public static string ArnOf(Scope scope, string name) => Arn.Of("states", scope, Prefix + name);

    public static bool IsArn(string? arn) =>
        arn is not null
        && Arn.TryParse(arn) is { Service: "states" } parsed
        && parsed.Resource.StartsWith(Prefix, StringComparison.Ordinal);

    public bool Exists(string arn) => IsArn(arn) && Get(arn) is not null;

    public ActivityDocument? Get(string arn) => shelf.Get(Parse(arn).Scope, NameOf(arn));

    public ActivityDocument? Get(Transaction transaction, string arn) => shelf.Get(transaction, Parse(arn).Scope, NameOf(arn));

    /// <exception cref="AwsException">InvalidArn, ActivityDoesNotExist.</exception>
    public ActivityDocument Find(string? arn) =>
        Get(arn ?? throw StepFunctionsErrors.Missing("activityArn")) ?? throw StepFunctionsErrors.ActivityDoesNotExist(arn);

    public IEnumerable<ActivityDocument> List(Scope scope) => shelf.List(scope).Values;

    public void Put(Transaction transaction, ActivityDocument activity) =>
        shelf.Put(transaction, Parse(activity.Arn).Scope, activity.Name, activity);

    public void Remove(Transaction transaction, string arn)
    {
        transaction.Execute("DELETE FROM stepfunctions_activity_task WHERE activity = $1", arn);
        shelf.Remove(transaction, Parse(arn).Scope, NameOf(arn));
    }

    /// <summary>A task that waits for a worker.</summary>
    public static void Queue(Transaction transaction, string activity, string token) =>
        transaction.Execute(
            "INSERT OR IGNORE INTO stepfunctions_activity_task (activity, token, account) VALUES ($1, $2, $3)",
            activity,
            token,
            Arn.Parse(activity).Account
        );

    public static List<string> Waiting(Transaction transaction, string activity, int limit) =>
        transaction.Query(
            "SELECT token FROM stepfunctions_activity_task WHERE activity = $1 ORDER BY id LIMIT $2",
            row => row.GetString(0),
            activity,
            limit
        );

    public static void Taken(Transaction transaction, string token) =>
        transaction.Execute("DELETE FROM stepfunctions_activity_task WHERE token = $1", token);

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM stepfunctions_activity_task WHERE account = $1", account);

    private static Arn Parse(string arn) => IsArn(arn) ? Arn.Parse(arn) : throw StepFunctionsErrors.InvalidArn(arn);

    private static string NameOf(string arn) => Parse(arn).Resource[Prefix.Length..];
}
