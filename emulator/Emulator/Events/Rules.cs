using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Events;

/// <summary>Finds rules by name and bus, where the bus may be left out, named or given by its ARN.</summary>
internal sealed class Rules(Database database, EventBus bus, Tokens tokens)
{
    public Database Database => database;

    public EventBus Bus => bus;

    public Listings Lists { get; } = new(tokens, "events", () => EventsErrors.Validation("Parameter NextToken is not valid."));

    /// <exception cref="AwsException">ResourceNotFoundException: the bus does not exist.</exception>
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
}
