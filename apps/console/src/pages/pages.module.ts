/** The operator's pages: overview and login. */
import { Module } from '@nestjs/common';
import { DeliveryTroubleRepository } from '#storage/delivery-trouble.repository.js';
import { ApiModule } from '../api/api.module.js';
import { Access } from '../auth/access.js';
import { LoginController } from '../auth/login.controller.js';
import { OverviewController } from './overview.controller.js';

@Module({
  imports: [ApiModule],
  controllers: [OverviewController, LoginController],
  providers: [Access, DeliveryTroubleRepository],
  exports: [Access],
})
export class PagesModule {}
