using Disa.Emulator.Aws;
using Disa.Emulator.Time;

namespace Disa.Emulator.Events;

public sealed record CreateEventBusRequest(string? Name, string? Description, List<Tag>? Tags);

public sealed record CreateEventBusResponse(string EventBusArn, string? Description);

public sealed record EventBusRequest(string? Name);

public sealed record DescribeEventBusResponse(
    string Name,
    string Arn,
    string? Description,
    string? Policy,
    DateTimeOffset? CreationTime,
    DateTimeOffset? LastModifiedTime
);

public sealed record ListEventBusesRequest(string? NamePrefix, string? NextToken, int? Limit);

public sealed record ListEventBusesResponse(IReadOnlyList<DescribeEventBusResponse> EventBuses, string? NextToken);

/// <summary>Event buses of an account's own, beside the default one.</summary>
internal sealed class EventBuses(Rules rules, Clock clock)
{
    public Task<CreateEventBusResponse> Create(CreateEventBusRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = EventsErrors.Name(request.Name, "name", 256);
        return rules.Database.Write(transaction =>
        {
            if (name == EventBus.Default || rules.Bus.Buses.Get(transaction, caller.Scope, name) is not null)
            {
                throw new AwsException("ResourceAlreadyExistsException", $"Event bus {name} already exists.");
            }

            rules.Bus.Buses.Put(
                transaction,
                caller.Scope,
                name,
                new Bus(name, request.Description, clock.GetUtcNow(), Tags.Of(request.Tags))
            );
            return new CreateEventBusResponse(ArnOf(name, caller.Scope), request.Description);
        });
    }

    public DescribeEventBusResponse Describe(EventBusRequest request, Caller caller)
    {
        var name = rules.BusName(request.Name, caller.Scope);
        return Of(name, name == EventBus.Default ? null : rules.Bus.Buses.Get(caller.Scope, name), caller.Scope);
    }

    public ListEventBusesResponse List(ListEventBusesRequest request, Caller caller)
    {
        var all = rules
            .Bus.Buses.List(caller.Scope)
            .Where(entry => entry.Key != EventBus.Default)
            .Select(entry => Of(entry.Key, entry.Value, caller.Scope))
            .Append(Of(EventBus.Default, rules.Bus.Buses.Get(caller.Scope, EventBus.Default), caller.Scope))
            .OrderBy(each => each.Name, StringComparer.Ordinal)
            .Where(each => request.NamePrefix is null || each.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal));
        var (page, next) = rules
            .Lists.Of("ListEventBuses", caller.Scope)
            .Page(all, each => each.Name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new(page, next);
    }

    public Task Delete(EventBusRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = EventsErrors.Text(request.Name, "name", 256);
        if (name == EventBus.Default)
        {
            throw EventsErrors.Validation("Cannot delete event bus default.");
        }

        return rules.Database.Write(transaction =>
        {
            // AWS has a rule of its own on the bus for each archive.
            if (
                rules.Bus.Rules.List(transaction, caller.Scope).Values.Any(rule => rule.Bus == name)
                || rules.Bus.Archives.List(transaction, caller.Scope).Values.Any(archive => archive.Bus == name)
            )
            {
                throw EventsErrors.Validation("Event bus can't be deleted since it has rules.");
            }

            rules.Bus.Buses.Remove(transaction, caller.Scope, name);
        });
    }

    public static string ArnOf(string name, Scope scope) => Arn.Of("events", scope, $"event-bus/{name}");

    private static DescribeEventBusResponse Of(string name, Bus? bus, Scope scope) =>
        name == EventBus.Default
            ? new(name, ArnOf(name, scope), null, bus?.Policy, null, null)
            : new(name, ArnOf(name, scope), bus?.Description, bus?.Policy, bus?.Created, bus?.Created);
}
