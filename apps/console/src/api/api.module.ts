/** The API's resources, their checks and their answers to errors. */
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccessTokenRepository } from '#storage/access-token.repository.js';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { ChannelPreviewRepository } from '#storage/channel-preview.repository.js';
import { ChannelRepository } from '#storage/channel.repository.js';
import { DictionaryRepository } from '#storage/dictionary.repository.js';
import { DeliveryRepository } from '#storage/delivery.repository.js';
import { DemoRepository } from '#storage/demo.repository.js';
import { EndpointStreamRepository } from '#storage/endpoint-stream.repository.js';
import { EndpointKeyRepository } from '#storage/endpoint-key.repository.js';
import { EndpointPingRepository } from '#storage/endpoint-ping.repository.js';
import { EndpointRetryRepository } from '#storage/endpoint-retry.repository.js';
import { EndpointRepository } from '#storage/endpoint.repository.js';
import { EventLogRepository } from '#storage/event-log.repository.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FeedSettingsRepository } from '#storage/feed-settings.repository.js';
import { FeedExportRepository } from '#storage/feed-export.repository.js';
import { FeedImportRepository } from '#storage/feed-import.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { HeldItemRepository } from '#storage/held-item.repository.js';
import { HostBudgetRepository } from '#storage/host-budget.repository.js';
import { HubStatusRepository } from '#storage/hub-status.repository.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { ImportRepository } from '#storage/import.repository.js';
import { ItemAdminRepository } from '#storage/item-admin.repository.js';
import { PageFeedRepository } from '#storage/page-feed.repository.js';
import { PartnerAdminRepository } from '#storage/partner-admin.repository.js';
import { PartnerRepository } from '#storage/partner.repository.js';
import { RelatedStoryRepository } from '#storage/related-story.repository.js';
import { ReparseAdminRepository } from '#storage/reparse-admin.repository.js';
import { ReplayRepository } from '#storage/replay.repository.js';
import { ReprocessingAdminRepository } from '#storage/reprocessing-admin.repository.js';
import { RuleNamesRepository } from '#storage/rule-names.repository.js';
import { RulePreviewRepository } from '#storage/rule-preview.repository.js';
import { RuleRepository } from '#storage/rule.repository.js';
import { StoryAdminRepository } from '#storage/story-admin.repository.js';
import { StoryReachRepository } from '#storage/story-reach.repository.js';
import { StoryRightsRepository } from '#storage/story-rights.repository.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryVersionRepository } from '#storage/story-version.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { TagAdminRepository } from '#storage/tag-admin.repository.js';
import { TopicMappingRepository } from '#storage/topic-mapping.repository.js';
import { EndpointTokensController, PartnerTokensController } from './access-tokens.controller.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { ChannelPreviewController } from './channel-preview.controller.js';
import { ChannelsController } from './channels.controller.js';
import { ClassifierController } from './classifier.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DemoEnd } from './demo-end.js';
import { DictionariesController } from './dictionaries.controller.js';
import { EndpointStream } from './endpoint-stream.js';
import { EventWatch } from './event-watch.js';
import { EndpointKeysController } from './endpoint-keys.controller.js';
import { EndpointsController } from './endpoints.controller.js';
import { EventsController } from './events.controller.js';
import { FeedAdder } from './feed-adder.js';
import { FeedDetailController } from './feed-detail.controller.js';
import { FeedChanger } from './feed-changer.js';
import { FeedPreviewController } from './feed-preview.controller.js';
import { FeedPushController } from './feed-push.controller.js';
import { FeedRefresh } from './feed-refresh.js';
import { FeedsController } from './feeds.controller.js';
import { FetchesController } from './fetches.controller.js';
import { HeldItemsController } from './held-items.controller.js';
import { HostsController } from './hosts.controller.js';
import { ImportsController } from './imports.controller.js';
import { ItemsController } from './items.controller.js';
import { KnownFeeds } from './known-feeds.js';
import { OpmlController } from './opml.controller.js';
import { OpmlImporter } from '../opml/opml-importer.js';
import { OpmlWriter } from '../opml/opml-writer.js';
import { PageAdder } from './page-adder.js';
import { PartnerChooser } from './partner-chooser.js';
import { PartnersController } from './partners.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { ReplaysController } from './replays.controller.js';
import { FeedReparseController, ReparseController } from './reparse.controller.js';
import { ReprocessingsController } from './reprocessings.controller.js';
import { RuleNames } from './rule-names.js';
import { RulePreview } from './rule-preview.js';
import { RulesController } from './rules.controller.js';
import { DemoController, StatusController } from './status.controller.js';
import { StoryActionAsker } from './story-action-asker.js';
import { ItemActionsController, StoryActionLogController, StoryActionsController } from './story-actions.controller.js';
import { StoryVersionsController } from './story-versions.controller.js';
import { StoriesController } from './stories.controller.js';
import { SearchLine } from '#service/search-line.js';
import { StoryExplanation } from './story-explanation.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { TagsController } from './tags.controller.js';
import { TopicList } from './topic-list.js';
import { TopicMappingsController, TopicsController } from './topics.controller.js';
import { validationPipe } from './validation.js';

@Module({
  controllers: [
    StatusController,
    DemoController,
    PartnersController,
    FeedPreviewController,
    FeedPushController,
    FeedsController,
    FeedDetailController,
    OpmlController,
    ImportsController,
    FetchesController,
    ReparseController,
    FeedReparseController,
    ReprocessingsController,
    HostsController,
    ItemsController,
    HeldItemsController,
    RulesController,
    DictionariesController,
    StoriesController,
    StoryActionsController,
    StoryVersionsController,
    ItemActionsController,
    StoryActionLogController,
    TagsController,
    TopicsController,
    TopicMappingsController,
    ClassifierController,
    ChannelPreviewController,
    ChannelsController,
    EndpointsController,
    ReplaysController,
    EndpointKeysController,
    EndpointTokensController,
    PartnerTokensController,
    DeliveriesController,
    EventsController,
    SubscriptionsController,
  ],
  providers: [
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    ChannelRepository,
    ChannelPreviewRepository,
    DeliveryRepository,
    DemoRepository,
    DictionaryRepository,
    EndpointRepository,
    EndpointStreamRepository,
    EndpointStream,
    EventWatch,
    EndpointKeyRepository,
    EndpointPingRepository,
    EndpointRetryRepository,
    AccessTokenRepository,
    EventLogRepository,
    FeedAdminRepository,
    FeedExportRepository,
    FeedImportRepository,
    FeedRepository,
    FeedSettingsRepository,
    FetchLogRepository,
    HeldItemRepository,
    HostBudgetRepository,
    FollowedHubRepository,
    HubStatusRepository,
    HubSubscriptionRepository,
    ImportRepository,
    ItemAdminRepository,
    PageFeedRepository,
    PartnerAdminRepository,
    PartnerRepository,
    RelatedStoryRepository,
    ReparseAdminRepository,
    ReplayRepository,
    ReprocessingAdminRepository,
    StoryExplanation,
    SearchLine,
    StoryReachRepository,
    StoryRightsRepository,
    RuleNames,
    RulePreview,
    RuleNamesRepository,
    RulePreviewRepository,
    RuleRepository,
    StoryActionRepository,
    StoryAdminRepository,
    StoryVersionRepository,
    StoryRepository,
    TagAdminRepository,
    TopicMappingRepository,
    ClassifierRepository,
    TopicList,
    DemoEnd,
    FeedAdder,
    FeedChanger,
    FeedRefresh,
    KnownFeeds,
    OpmlImporter,
    OpmlWriter,
    PageAdder,
    PartnerChooser,
    StoryActionAsker,
  ],
  exports: [AccessTokenRepository, DemoEnd, FeedAdminRepository, HubStatusRepository],
})
export class ApiModule {}
