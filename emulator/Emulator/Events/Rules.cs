using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Events;

/// <summary>Finds rules by name and bus, where the bus may be left out, named or given by its ARN.</summary>
internal sealed class Rules(Database database, EventBus bus)
{
    public Database Database => database;

    public EventBus Bus => bus;

    /// <exception cref="AwsException">ResourceNotFoundException where there is no such bus.</exception>
    public string BusName(string? given, Scope scope)
    {
        var name =
            string.IsNullOrEmpty(given) ? EventBus.Default
            : Arn.TryParse(given) is { Service: "events" } arn ? arn.After("event-bus/") ?? throw EventsErrors.BusNotFound(given)
            : given;
        return bus.Exists(scope, name) ? name : throw EventsErrors.BusNotFound(name);
    }

    public Rule Find(string? name, string? busName, Scope scope)
    {
        EventsErrors.Text(name, "name", 64);
        var on = BusName(busName, scope);
        return bus.Rules.Get(scope, Rule.Key(on, name!)) ?? throw EventsErrors.RuleNotFound(name!, on);
    }

    /// <summary>Changes a rule that must be there, as the write sees it.</summary>
    public Task<T> Change<T>(string? name, string? busName, Scope scope, Func<Rule, (Rule After, T Answer)> change)
    {
        EventsErrors.Text(name, "name", 64);
        var on = BusName(busName, scope);
        return database.Write(transaction =>
        {
            var rule = bus.Rules.Get(transaction, scope, Rule.Key(on, name!)) ?? throw EventsErrors.RuleNotFound(name!, on);
            var (after, answer) = change(rule);
            if (!ReferenceEquals(after, rule))
            {
                bus.Rules.Put(transaction, scope, Rule.Key(on, name!), after);
            }

            return answer;
        });
    }

    /// <summary>The rules of a bus, in order of their names.</summary>
    public IEnumerable<Rule> On(string on, Scope scope) =>
        bus.Rules.List(scope).Values.Where(rule => rule.Bus == on).OrderBy(rule => rule.Name, StringComparer.Ordinal);

    public static string ArnOf(string name, string on, Scope scope) =>
        Arn.Of("events", scope, on == EventBus.Default ? $"rule/{name}" : $"rule/{on}/{name}");

    /// <summary>One page of names in order; the token is the last one given.</summary>
    public static (List<T> Items, string? NextToken) Page<T>(IEnumerable<T> ordered, Func<T, string> key, string? token, int? limit)
    {
        if (limit is < 1 or > 100)
        {
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100"
            );
        }

        var size = limit ?? 100;
        string? after = null;
        if (token is not null)
        {
            var bytes = new byte[token.Length];
            after = Convert.TryFromBase64String(token, bytes, out var length)
                ? System.Text.Encoding.UTF8.GetString(bytes, 0, length)
                : throw EventsErrors.Validation("Parameter NextToken is not valid.");
        }

        var items = ordered.Where(item => after is null || string.CompareOrdinal(key(item), after) > 0).Take(size + 1).ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key(items[^1]))));
    }
}
