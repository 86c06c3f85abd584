using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Scheduler;

/// <summary>Schedules and groups on their shelves, and the rows of their due times.</summary>
internal sealed class Schedules(Database database, Tokens tokens)
{
    /// <summary>The group that every account and Region has.</summary>
    public const string DefaultGroup = "default";

    public static readonly IReadOnlyList<Migration> Migrations =
    [
        new(
            "scheduler",
            1,
            """
            CREATE TABLE scheduler_due (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL, run INTEGER NOT NULL,
                PRIMARY KEY (account, region, name)) WITHOUT ROWID;
            CREATE INDEX scheduler_due_run ON scheduler_due (run);
            """
        ),
    ];

    public Database Database => database;

    public Listings Lists { get; } = new(tokens, "scheduler", () => SchedulerErrors.Validation("Invalid NextToken."));

    public Shelf<Schedule> All { get; } = new(database, "scheduler.schedule", SchedulerStore.Default.Schedule);

    public Shelf<ScheduleGroup> Groups { get; } = new(database, "scheduler.group", SchedulerStore.Default.ScheduleGroup);

    /// <summary>Called after each commit that set a due time.</summary>
    public Action? Signal { get; set; }

    public bool GroupExists(Transaction transaction, Scope scope, string group) =>
        group == DefaultGroup || Groups.Get(transaction, scope, group) is not null;

    public Schedule Find(string? group, string? name, Scope scope)
    {
        SchedulerErrors.Name(name, "name");
        return All.Get(scope, Schedule.Key(group ?? DefaultGroup, name!)) ?? throw SchedulerErrors.ScheduleNotFound(name!);
    }

    /// <summary>Stores a schedule with its next due time after the one given.</summary>
    public void Put(Transaction transaction, Scope scope, Schedule schedule, DateTimeOffset after)
    {
        var key = Schedule.Key(schedule.Group, schedule.Name);
        All.Put(transaction, scope, key, schedule);
        SetDue(transaction, scope, key, schedule, schedule.State == Schedule.Enabled ? schedule.Next(after) : null);
    }

    public bool Remove(Transaction transaction, Scope scope, string key)
    {
        transaction.Execute("DELETE FROM scheduler_due WHERE account = $1 AND region = $2 AND name = $3", scope.Account, scope.Region, key);
        return All.Remove(transaction, scope, key);
    }

    public void SetDue(Transaction transaction, Scope scope, string key, Schedule schedule, DateTimeOffset? time)
    {
        if (time is not { } due)
        {
            transaction.Execute(
                "DELETE FROM scheduler_due WHERE account = $1 AND region = $2 AND name = $3",
                scope.Account,
                scope.Region,
                key
            );
            return;
        }

        transaction.Execute(
            "INSERT OR REPLACE INTO scheduler_due VALUES ($1, $2, $3, $4, $5)",
            scope.Account,
            scope.Region,
            key,
            due.ToUnixTimeMilliseconds(),
            (due + Within(schedule.Window)).ToUnixTimeMilliseconds()
        );
        transaction.AfterCommit(() => Signal?.Invoke());
    }

    /// <summary>The next run of each schedule, the earliest first.</summary>
    public List<Upcoming> Upcoming(string account, int limit) =>
        database.Read(transaction =>
            transaction.Query(
                "SELECT name, run FROM scheduler_due WHERE account = $1 ORDER BY run LIMIT $2",
                row => new Upcoming("scheduler", "schedule", row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
                account,
                limit
            )
        );

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM scheduler_due WHERE account = $1", account);

    public static string ArnOf(string group, string name, Scope scope) => Arn.Of("scheduler", scope, $"schedule/{group}/{name}");

    public static string GroupArn(string group, Scope scope) => Arn.Of("scheduler", scope, $"schedule-group/{group}");

    /// <summary>Somewhere in the window, to the second.</summary>
    private static TimeSpan Within(FlexibleTimeWindow window) =>
        window.MaximumWindowInMinutes is { } minutes
            ? TimeSpan.FromSeconds(System.Security.Cryptography.RandomNumberGenerator.GetInt32(minutes * 60))
            : TimeSpan.Zero;
}
