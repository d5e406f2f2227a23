/** The searching room: keeps the words that searches are corrected by. */
import { Module } from '@nestjs/common';
import { SearchWordRepository } from '#storage/search-word.repository.js';
import { SearchWordKeeper } from './search-word-keeper.js';

@Module({ providers: [SearchWordKeeper, SearchWordRepository] })
export class SearchingModule {}
